import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { Answers } from '../../http/openapi/answers.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { alertSchema } from './alert.schema.js';
import { AlertsQuery } from './alert-history.js';
import { SilenceBody } from './silence.body.js';

/** Documents a route that lists alerts. */
export const ListsAlerts = (operation: { readonly summary: string; readonly description: string }) =>
  applyDecorators(
    ApiOperation(operation),
    ApiQuery({ type: AlertsQuery }),
    Answers(200, pageSchema(alertSchema), 'A page of alerts.'),
  );

/** Documents a route that silences an alert. */
export const SilencesAlert = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Silences an alert for a while.',
      description:
        'Nobody is told that it still fires, or that its rule fires again. Its end is told when its beginning was.',
    }),
    ApiBody({ type: SilenceBody, examples: { evening: { value: { until: '2026-01-31T18:00:00.000Z' } } } }),
    Answers(200, alertSchema, 'The alert.'),
  );
