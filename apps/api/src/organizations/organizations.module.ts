import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { OrganizationAdministration } from '#identity';
import { AuthModule } from '../auth/auth.module.js';
import { OrganizationWarnings } from './organization-warnings.read-model.js';
import { OrganizationsController } from './organizations.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [OrganizationsController],
  providers: [
    {
      provide: OrganizationAdministration,
      inject: [Pool],
      useFactory: (pool: Pool) => new OrganizationAdministration(pool),
    },
    OrganizationWarnings,
  ],
})
export class OrganizationsModule {}
