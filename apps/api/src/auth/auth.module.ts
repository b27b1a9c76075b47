import {
  type BeforeApplicationShutdown,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Pool } from 'pg';
import { inTenant } from '#database';
import { ApiKeyStore, IdentityStore } from '#identity';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { Credentials } from './credentials.js';
import { assertAccessDeclared } from './declared-access.js';
import { KeyUsage } from './key-usage.js';
import { TokenController } from './token.controller.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenVerifier } from './token-verifier.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [TokenController],
  providers: [
    { provide: IdentityStore, inject: [Pool], useFactory: (pool: Pool) => new IdentityStore(pool) },
    TokenIssuer,
    TokenVerifier,
    Credentials,
    Authenticator,
    {
      provide: KeyUsage,
      inject: [Pool],
      useFactory: (pool: Pool) =>
        new KeyUsage((organizationId, uses) =>
          inTenant(pool, organizationId, (client) => new ApiKeyStore(client, organizationId).markUsed(uses)),
        ),
    },
    AccessGuard,
  ],
  exports: [AccessGuard, Authenticator, KeyUsage],
})
export class AuthModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly usage: KeyUsage,
  ) {}

  onModuleInit(): void {
    assertAccessDeclared(this.discovery, this.scanner);
  }

  onApplicationBootstrap(): void {
    this.usage.start();
  }

  /** Before the pool closes. */
  beforeApplicationShutdown(): Promise<void> {
    return this.usage.stop();
  }
}
