import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { AdministrationService } from '#identity';
import { ApiKeysController } from '../api-keys/api-keys.controller.js';
import { AuditLogController } from '../audit-log/audit-log.controller.js';
import { AuditLogReadModel } from '../audit-log/audit-log.read-model.js';
import { AuthModule } from '../auth/auth.module.js';
import { ErasuresService } from '../users/erasures.service.js';
import { ErasuresStore } from '../users/erasures.store.js';
import { UsersController } from '../users/users.controller.js';
import { UsersStore } from '../users/users.store.js';
import { OrganizationWarnings } from './organization-warnings.read-model.js';
import { OrganizationsController } from './organizations.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [OrganizationsController, ApiKeysController, UsersController, AuditLogController],
  providers: [
    {
      provide: AdministrationService,
      inject: [Pool],
      useFactory: (pool: Pool) => new AdministrationService(pool),
    },
    OrganizationWarnings,
    UsersStore,
    ErasuresStore,
    ErasuresService,
    AuditLogReadModel,
  ],
})
export class AdminModule {}
