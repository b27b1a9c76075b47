import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import { getQueueToken } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QUEUES } from '#queue';
import { Authenticator } from '../auth/authenticator.js';
import { KeyUsage } from '../auth/key-usage.js';
import { canUseBoard } from './board-access.js';
import { BoardActs } from './board-acts.js';
import { BoardQueue } from './board-queue.js';

export const QUEUES_PATH = '/queues';

const logger = new Logger('Queues');

/** Bull Board at /queues, behind HTTP Basic with an admin key or the operator's token as password. */
export async function mountQueues(app: NestFastifyApplication): Promise<void> {
  const authenticator = app.get(Authenticator, { strict: false });
  const usage = app.get(KeyUsage, { strict: false });
  const acts = app.get(BoardActs, { strict: false });
  const board = new FastifyAdapter();
  board.setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: Object.values(QUEUES).map(
      (definition) => new BoardQueue(app.get(getQueueToken(definition.name), { strict: false }), definition),
    ),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Millrace' } },
  });
  board.setErrorHandler((error: Error & { statusCode?: number }) => {
    if (error.statusCode === 404 || error.statusCode === 403) {
      return { status: 404, body: { error: 'No such page' } };
    }
    logger.warn(error.message);
    // The likely error is a store that is down; its message is not shown to clients.
    return { status: 500, body: { error: 'The queue is not responding' } };
  });
  await app.register(
    async (scope: Parameters<ReturnType<FastifyAdapter['registerPlugin']>>[0]) => {
      scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
        const principal = await authenticator.authenticate(passwordOf(request));
        const { url = '' } = request.routeOptions;
        if (!principal || !canUseBoard(principal.permissions, 'GET', url)) return askToSignIn(reply);
        usage.used(principal, Date.now());
        if (canUseBoard(principal.permissions, request.method, url)) {
          if (request.method !== 'GET') await acts.record(principal, request);
          return;
        }
        return reply.status(403).send({ error: 'This action is disabled: it could lose or change events.' });
      });
      await scope.register(board.registerPlugin(), { prefix: '/' });
    },
    { prefix: QUEUES_PATH } as never,
  );
}

const askToSignIn = (reply: FastifyReply) =>
  reply
    .status(401)
    .header('www-authenticate', 'Basic realm="Millrace queues", charset="UTF-8"')
    .type('text/plain; charset=utf-8')
    .send('Sign in with any name and an admin API key as password.\n');

function passwordOf(request: FastifyRequest): string {
  const encoded = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':');
}
