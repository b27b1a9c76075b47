import { OPERATOR_PERMISSIONS, type Permissions, permissionsOfRole } from '#identity';
import { canUseBoard } from './board-access.js';

const QUEUE = '/queues/api/queues/:queueName';
const admin = permissionsOfRole('admin');
const manager = permissionsOfRole('manager');

describe('canUseBoard', () => {
  it.each<[string, string, boolean, boolean]>([
    ['GET', '/queues/api/queues', true, true],
    ['GET', `${QUEUE}/:jobId`, true, true],
    ['GET', '/queues/api/redis/stats', false, true],
    ['GET', `${QUEUE}/:jobId/logs`, false, true],
    ['PUT', `${QUEUE}/:jobId/retry`, true, true],
    ['PUT', `${QUEUE}/retry/:queueStatus`, true, true],
    ['PUT', `${QUEUE}/promote`, true, true],
    ['PUT', `${QUEUE}/pause`, false, true],
    ['PUT', '/queues/api/queues/resume', false, true],
    ['PUT', `${QUEUE}/empty`, false, false],
    ['PUT', `${QUEUE}/obliterate`, false, false],
    ['PUT', `${QUEUE}/clean/:queueStatus`, false, false],
    ['PUT', `${QUEUE}/:jobId/clean`, false, false],
    ['PUT', `${QUEUE}/rate-limit`, false, false],
    ['POST', `${QUEUE}/add`, false, false],
    ['PATCH', `${QUEUE}/:jobId/update-data`, false, false],
    ['DELETE', QUEUE, false, false],
  ])('%s %s: admin %s, operator %s', (method, route, forAdmin, forOperator) => {
    const may = (permissions: Permissions) => canUseBoard(permissions, method, route);
    expect([may(admin), may(OPERATOR_PERMISSIONS), may(manager)]).toEqual([forAdmin, forOperator, false]);
  });
});
