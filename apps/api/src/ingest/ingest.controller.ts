import { Controller, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { Problem } from '../http/problem.js';
import { CountsAs } from '../limit/counts-as.js';
import { type Dialect } from './dialects/dialect.js';
import { dialects } from './dialects/dialects.js';
import { documented } from './document-dialect.js';
import { IngestService } from './ingest.service.js';

const NOTHING = Buffer.alloc(0);
const ROUTE = { POST: Post, PUT: Put };

/** What a dialect reads of a request, of whatever type the body is. */
function received({ headers, body, params }: FastifyRequest) {
  const given = headers['content-type'] ?? '';
  return {
    body: Buffer.isBuffer(body) ? body : NOTHING,
    contentType: given === 'application/json' ? given : given.split(';', 1)[0]!.trim().toLowerCase(),
    params: params as Record<string, string>,
  };
}

/** @throws Problem 415 when this dialect does not take bodies of that type */
function assertTaken(contentType: string, { mediaTypes = [] }: Dialect): void {
  if (contentType === 'application/json' || mediaTypes.includes(contentType)) return;
  const allowed = ['application/json', ...mediaTypes];
  throw new Problem(415, 'unsupported_media_type', `Content-Type must be ${allowed.join(' or ')}`);
}

/** One route for each row of the table of dialects; they differ only in their bytes. */
@ApiTags('ingest')
@Controller()
export class IngestController {
  constructor(private readonly ingest: IngestService) {}

  async take(dialect: Dialect, request: AuthenticatedRequest, reply: FastifyReply): Promise<void> {
    const given = received(request);
    if (request.body !== undefined) assertTaken(given.contentType, dialect);
    const { status, body } = await this.ingest.take(dialect, request.principal, request.clientAddress, given);
    void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

const countsAs = ({ limit }: Dialect) =>
  CountsAs(typeof limit === 'string' ? limit : (request) => limit(received(request)));

dialects.forEach((dialect, row) => {
  const name = `take${row}`;
  const prototype = IngestController.prototype as unknown as Record<string, unknown>;
  prototype[name] = function (this: IngestController, request: AuthenticatedRequest, reply: FastifyReply) {
    return this.take(dialect, request, reply);
  };
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  Req()(IngestController.prototype, name, 0);
  Res()(IngestController.prototype, name, 1);
  for (const decorate of [
    Requires('ingest'),
    ROUTE[dialect.method](dialect.path),
    countsAs(dialect),
    ...documented(dialect),
  ]) {
    decorate(IngestController.prototype, name, descriptor);
  }
});
