import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { IdentityStore } from '#identity';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';

@Module({
  providers: [
    { provide: IdentityStore, inject: [Pool], useFactory: (pool: Pool) => new IdentityStore(pool) },
    Authenticator,
    AccessGuard,
  ],
  exports: [AccessGuard, Authenticator],
})
export class AuthModule {}
