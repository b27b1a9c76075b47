import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsDivisibleBy,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsUrl,
  Max,
  Min,
  MinLength,
  Validate,
} from 'class-validator';
import {
  ListenHost,
  ProxyAddresses,
  ToBoolean,
  TokenPublicKey,
  ToList,
  UniqueSubsetOf,
  WebOrigins,
} from './environment-decorators.js';
import { NotificationSettings } from './notification-settings.js';

/** All aggregation windows, shortest first. */
export const AGGREGATION_WINDOWS = ['1m', '5m', '15m', '1h', '1d'] as const;
export type WindowName = (typeof AGGREGATION_WINDOWS)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** All settings, named after their environment variables. Units are in the names or noted. */
export class Environment extends NotificationSettings {
  @IsUrl({ protocols: ['postgres', 'postgresql'], require_tld: false, require_protocol: true })
  DATABASE_URL: string;

  /** A path that workers can see, on the disk of the database. Absent: nobody knows what is free there. */
  @IsOptional()
  @IsNotEmpty()
  DATABASE_DISK_PATH?: string;

  /** Absent: the queue runs in PostgreSQL. */
  @IsOptional()
  @IsUrl({ protocols: ['redis', 'rediss'], require_tld: false, require_protocol: true })
  REDIS_URL?: string;

  /** IPv6 addresses are written without brackets; `::` means every address, including IPv4. */
  @Validate(ListenHost)
  HOST = '127.0.0.1';

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;

  /** Port of a worker's health and metrics; 0 picks a free one. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  WORKER_PORT = 0;

  /** Browsers may call the API from pages of these origins (CORS). */
  @ToList()
  @Validate(WebOrigins)
  CORS_ORIGINS: string[] = [];

  /** Proxies whose X-Forwarded-For header is trusted. */
  @ToList()
  @Validate(ProxyAddresses)
  TRUST_PROXY: string[] = [];

  @IsIn(LOG_LEVELS)
  LOG_LEVEL = 'info';

  @IsOptional()
  @MinLength(32, { message: 'JWT_SECRET must be at least 32 bytes' })
  JWT_SECRET?: string;

  /** PEM of an identity provider's public key: RSA (at least 2048 bits) or P-256. */
  @IsOptional()
  @Transform(({ value }) => String(value).replaceAll('\\n', '\n'))
  @Validate(TokenPublicKey)
  JWT_PUBLIC_KEY?: string;

  /** URL of an identity provider's JSON Web Key Set. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  JWKS_URL?: string;

  /** The algorithm of the keys at `JWKS_URL`. */
  @IsIn(['RS256', 'ES256'])
  JWT_ALGORITHM: 'RS256' | 'ES256' = 'RS256';

  /** Required `iss` of tokens; absent: any. */
  @IsOptional()
  @IsNotEmpty()
  JWT_ISSUER?: string;

  /** Required `aud` of tokens; absent: any. */
  @IsOptional()
  @IsNotEmpty()
  JWT_AUDIENCE?: string;

  @IsOptional()
  @MinLength(32, { message: 'ADMIN_TOKEN must be at least 32 bytes' })
  ADMIN_TOKEN?: string;

  /** Token with which Prometheus reads the API's metrics. `ADMIN_TOKEN` reads them too. */
  @IsOptional()
  @MinLength(32, { message: 'METRICS_TOKEN must be at least 32 bytes' })
  METRICS_TOKEN?: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  MAX_BATCH_SIZE = 1000;

  @Type(() => Number)
  @IsInt()
  @Min(1000)
  @Max(86_400_000)
  @IsDivisibleBy(1000, { message: 'RATE_LIMIT_WINDOW_MS must be whole seconds' })
  RATE_LIMIT_WINDOW_MS = 60_000;

  /** Default limit per organization for single events and for reads; 0: unlimited. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  RATE_LIMIT_MAX_REQUESTS = 1000;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  CACHE_TTL_SECONDS = 5;

  /** Windows that queries may use. All windows are always counted. */
  @ToList()
  @Validate(UniqueSubsetOf, [...AGGREGATION_WINDOWS])
  AGGREGATION_WINDOWS: WindowName[] = [...AGGREGATION_WINDOWS];

  /** At this many jobs in the dead-letter queue, workers stop consuming. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  DEAD_LETTER_QUEUE_SIZE = 10_000;

  /** Seconds from one check of the installation's health to the next. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(86_400)
  HEALTH_CHECK_INTERVAL = 300;

  /** Jobs a worker processes at once; their batches share transactions. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(256)
  WORKER_CONCURRENCY = 16;

  @Type(() => Number)
  @IsInt()
  @Min(2)
  @Max(1000)
  DB_POOL_SIZE = 20;

  @ToBoolean()
  @IsBoolean()
  ANONYMIZE_USER_IDS = false;

  /** At this many waiting jobs, intake answers 503 until workers catch up. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  QUEUE_HIGH_WATER_MARK = 5000;
}
