import { agentInteraction } from './types/agent-interaction.js';
import { buttonClick } from './types/button-click.js';
import { commandExecution } from './types/command-execution.js';
import { courseComplete } from './types/course-complete.js';
import { deviceMetric } from './types/device-metric.js';
import { errorOccurred } from './types/error-occurred.js';
import type { EventType } from './types/event-type.js';
import { formSubmit } from './types/form-submit.js';
import { pageView } from './types/page-view.js';
import { productivityMetric } from './types/productivity-metric.js';
import { searchQuery } from './types/search-query.js';
import { sessionEnd } from './types/session-end.js';
import { sessionStart } from './types/session-start.js';
import { sessionUpdate } from './types/session-update.js';
import { videoPlay } from './types/video-play.js';
import { voiceMetric } from './types/voice-metric.js';

/** The types every organization has without registering them. */
export const builtInTypes: readonly EventType[] = [
  commandExecution,
  agentInteraction,
  productivityMetric,
  sessionStart,
  sessionUpdate,
  sessionEnd,
  voiceMetric,
  deviceMetric,
  pageView,
  buttonClick,
  formSubmit,
  videoPlay,
  courseComplete,
  searchQuery,
  errorOccurred,
];
