export { type BuiltInFinding, builtInFindings } from './built-in/built-in-findings.js';
export type { ChannelKind, Senders, Sending } from './channels/channel-kind.js';
export { CHANNEL_KINDS } from './channels/channel-kinds.js';
export {
  ALERT_STATES,
  type AlertFilter,
  type AlertPosition,
  type AlertReport,
  type AlertState,
  alertReports,
  NOTIFICATION_STATUSES,
  type NotificationReport,
} from './history/alerts.read-model.js';
export { type AlertMessage, testMessage } from './message/alert-message.js';
export { AddressGuard } from './outbound/address-guard.js';
export { GuardedPost } from './outbound/guarded-post.js';
export type { Outcome } from './outbound/outcome.js';
export {
  COMPARISONS,
  type Comparison,
  type Condition,
  describe,
  holds,
  type NoEventsCondition,
  subjectOf,
  type ThresholdCondition,
} from './rules/condition.js';
export { conditionValue } from './rules/condition-value.js';
export {
  type AlertStep,
  type AlertTiming,
  nextAlert,
  type OpenAlert,
  type Telling,
} from './state/next-alert.js';
