import { Controller, Post, Put, Req, Res, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../http/access.js';
import { sendAnswer } from '../http/answer.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import type { SecuritySchemes } from '../http/openapi/security-schemes.js';
import { releaseBody } from '../http/release-body.js';
import { ConfigureRoute } from '../http/route-config.js';
import { CountsAs } from '../limit/counts-as.js';
import type { Dialect } from './dialects/dialect.js';
import * as dialects from './dialects/dialects.js';
import { Documented } from './document-dialect.js';
import { IngestService } from './ingest.service.js';
import { type IngestRoute, receivedBody, routesOf } from './ingest-route.js';

const METHODS = { POST: Post, PUT: Put };

/** The controllers of a dialect, one for each of its routes. */
export const controllersFor = (dialect: Dialect): Type[] => routesOf(dialect).map(controllerFor);

function controllerFor(route: IngestRoute): Type {
  const { dialect, bodyRules, credentials, renderProblem } = route;
  const { limit } = dialect;
  const Route = METHODS[route.method];

  @ApiTags('ingest')
  @Controller()
  class DialectController {
    constructor(private readonly ingest: IngestService) {}

    @Route(route.path)
    @Requires('ingest')
    @CountsAs(typeof limit === 'string' ? limit : (request) => limit(receivedBody(request)))
    @ConfigureRoute({ body: bodyRules, credentials, renderProblem })
    @Documented(route)
    async receive(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): Promise<void> {
      const { principal, clientAddress } = request;
      const answer = await this.ingest.accept(route, route.received(request), principal, clientAddress);
      sendAnswer(reply, answer);
      releaseBody(request.body);
    }
  }
  return DialectController;
}

/** Security schemes of dialects with their own credential places. */
export const schemesOf = (dialects: readonly Dialect[]): SecuritySchemes =>
  Object.assign({}, ...dialects.flatMap(({ credentials = [] }) => credentials.map(({ schemes }) => schemes)));

/** Every way in. */
export const ingestControllers = Object.values<Dialect>(dialects).flatMap(controllersFor);
export const ingestSchemes = schemesOf(Object.values(dialects));
