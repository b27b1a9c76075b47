export { type ClosedCounts, closeDay } from './close-day.js';
export { ClosingStore, type Day } from './closing.store.js';
export { DECODED } from './decoded.store.js';
export { type LeftOut, SegmentStore } from './segment.store.js';
export type { EventPosition, Span } from './span.js';
