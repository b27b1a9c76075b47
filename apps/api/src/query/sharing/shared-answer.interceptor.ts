import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { disconnectSignal } from '../tenant-reads/reader.js';
import { SharedRuns } from './shared-runs.js';

/** Default ranges end with the current minute, or with a longer bucket. */
const MINUTE_MS = 60_000;

/** Gives one answer to equal requests of an organization that wait at the same time. */
class SharedAnswerInterceptor implements NestInterceptor {
  private readonly runs = new SharedRuns<unknown>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { organizationId, eventTypesRevision } = request.principal;
    const minute = Math.floor(Date.now() / MINUTE_MS);
    const key = JSON.stringify([organizationId, eventTypesRevision, minute, request.url]);
    const answer = this.runs.run(key, disconnectSignal(request.raw.socket), (run) => {
      request.sharedRun = run;
      return lastValueFrom(next.handle());
    });
    return from(answer);
  }
}

/**
 * For GET requests whose answers come from `TenantReads`, and do not depend on who asks within the organization. Above
 * `EntityTag`, which is for each request.
 */
export const SharedAnswer = () => UseInterceptors(SharedAnswerInterceptor);
