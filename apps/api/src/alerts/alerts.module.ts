import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { ChannelsStore } from './channels/channels.store.js';
import { NotificationChannelsController } from './channels/notification-channels.controller.js';
import { NotificationChannels } from './channels/notification-channels.js';
import { OperatorChannelsController } from './channels/operator-channels.controller.js';
import { AlertHistory } from './history/alert-history.js';
import { AlertsController } from './history/alerts.controller.js';
import { OperatorAlertsController } from './history/operator-alerts.controller.js';
import { AlertRulesController } from './rules/alert-rules.controller.js';
import { AlertRulesStore } from './rules/alert-rules.store.js';
import { ChannelTests } from './testing/channel-tests.js';
import { TestNotificationsStore } from './testing/test-notifications.store.js';

/** Rules of alerts, channels, and the history. Workers evaluate and send. */
@Module({
  imports: [EventTypesModule],
  controllers: [
    AlertRulesController,
    NotificationChannelsController,
    AlertsController,
    OperatorChannelsController,
    OperatorAlertsController,
  ],
  providers: [
    AlertHistory,
    AlertRulesStore,
    ChannelsStore,
    ChannelTests,
    NotificationChannels,
    TestNotificationsStore,
  ],
})
export class AlertsModule {}
