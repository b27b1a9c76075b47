import { Module } from '@nestjs/common';
import { AuditLogController } from './audit-log.controller.js';
import { AuditLogReadModel } from './audit-log.read-model.js';

@Module({ controllers: [AuditLogController], providers: [AuditLogReadModel] })
export class AuditLogModule {}
