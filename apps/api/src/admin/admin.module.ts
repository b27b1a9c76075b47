import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { AdministrationService } from '#identity';
import { AuthModule } from '../auth/auth.module.js';
import { ApiKeysController } from './api-keys.controller.js';
import { AuditLogController } from './audit-log.controller.js';
import { AuditLogReadModel } from './audit-log.read-model.js';
import { ErasuresService } from './erasures.service.js';
import { ErasuresStore } from './erasures.store.js';
import { OrganizationWarnings } from './organization-warnings.read-model.js';
import { OrganizationsController } from './organizations.controller.js';
import { UsersController } from './users.controller.js';
import { UsersStore } from './users.store.js';

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
