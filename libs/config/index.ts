export { AGGREGATION_WINDOWS, Environment, type WindowName } from './environment.js';
export { InvalidEnvironment, loadEnvironment, loadEnvironmentOrExit } from './load-environment.js';
