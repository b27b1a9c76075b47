import { Environment } from '#config';
import { defineJob, every } from '#jobs';
import { AlertEvaluator } from '../alerts/evaluation/alert-evaluator.js';

/** Evaluates the rules of alerts, on one worker at a time. What is to be told goes to the outbox. */
export const alerts = defineJob({
  name: 'alerts',
  schedule: every(Environment, ({ ALERT_INTERVAL }) => ALERT_INTERVAL),
  // The next evaluation sees the same events.
  catchUp: 0,
  options: { attempts: 1 },
  inject: [AlertEvaluator],
  run: (context, evaluator) => evaluator.evaluate(context),
});
