export { ReplicaReports } from './replica-reports.js';
export {
  GONE_AFTER,
  latestReports,
  type Replica,
  type ReplicaFigures,
  type ReplicaKind,
  type ReplicaReport,
  recentReplicas,
} from './replicas.read-model.js';
export { SlidingMinute } from './sliding-minute.js';
