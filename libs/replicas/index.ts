export { ReplicaReports } from './replica-reports.js';
export {
  type Replica,
  type ReplicaFigures,
  type ReplicaKind,
  recentReplicas,
} from './replicas.read-model.js';
export { SlidingMinute } from './sliding-minute.js';
