import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { getQueueToken } from '@nestjs/bullmq';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Queue } from 'bullmq';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QUEUES } from '#queue';
import { Authenticator } from '../auth/authenticator.js';

export const QUEUES_PATH = '/queues';

/** Bull Board at /queues, behind HTTP Basic with an admin key as password. */
export async function mountQueues(app: NestFastifyApplication): Promise<void> {
  const authenticator = app.get(Authenticator, { strict: false });
  const board = new FastifyAdapter();
  board.setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: Object.values(QUEUES).map(
      ({ name }) => new BullMQAdapter(app.get<Queue>(getQueueToken(name), { strict: false })),
    ),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Millrace' } },
  });
  await app.register(
    async (scope: Parameters<ReturnType<FastifyAdapter['registerPlugin']>>[0]) => {
      scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
        const principal = await authenticator.authenticate(passwordOf(request));
        if (principal?.permissions.has('administer') || principal?.permissions.has('operate')) return;
        return reply
          .status(401)
          .header('www-authenticate', 'Basic realm="Millrace queues", charset="UTF-8"')
          .type('text/plain; charset=utf-8')
          .send('Sign in with any name and an admin API key as password.\n');
      });
      await scope.register(board.registerPlugin(), { prefix: '/' });
    },
    { prefix: QUEUES_PATH } as never,
  );
}

function passwordOf(request: FastifyRequest): string {
  const encoded = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':');
}
