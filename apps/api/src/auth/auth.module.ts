import { Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Pool } from 'pg';
import { IdentityStore } from '#identity';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { Credentials } from './credentials.js';
import { assertAccessDeclared } from './declared-access.js';
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
    AccessGuard,
  ],
  exports: [AccessGuard, Authenticator],
})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    assertAccessDeclared(this.discovery, this.scanner);
  }
}
