import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ApiKeyAdministration } from '#identity';
import { AuthModule } from '../auth/auth.module.js';
import { ApiKeysController } from './api-keys.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [ApiKeysController],
  providers: [
    {
      provide: ApiKeyAdministration,
      inject: [Pool],
      useFactory: (pool: Pool) => new ApiKeyAdministration(pool),
    },
  ],
})
export class ApiKeysModule {}
