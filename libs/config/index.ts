export { AGGREGATION_WINDOWS, Environment, type WindowName } from './environment.js';
export { exitOnSignal } from './exit-on-signal.js';
export { InvalidEnvironment, loadEnvironment, loadEnvironmentOrExit } from './load-environment.js';
export { RetentionSettings } from './retention-settings.js';
