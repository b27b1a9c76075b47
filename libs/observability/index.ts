export { NestLogger } from './nest-logger.js';
export { followSupervisor } from './supervision.js';
