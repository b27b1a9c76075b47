import { Module } from '@nestjs/common';
import { AddressLimitGuard } from '../limit/address-limit.guard.js';
import { ReportMailsController } from './report-mails.controller.js';
import { ReportMailsStore } from './report-mails.store.js';
import { ReportRecipientsController } from './report-recipients.controller.js';
import { ReportRecipientsStore } from './report-recipients.store.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

/** Who gets reports by mail, what became of the mails, and the way off the list. */
@Module({
  controllers: [ReportRecipientsController, ReportMailsController, UnsubscribeController],
  providers: [ReportRecipientsStore, ReportMailsStore, AddressLimitGuard],
})
export class ReportRecipientsModule {}
