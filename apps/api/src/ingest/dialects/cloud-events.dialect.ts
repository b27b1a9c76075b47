import type { RawEvent } from '#catalog';
import { anyObject } from '../../http/openapi/schema.js';
import { Problem } from '../../http/problem.js';
import { parseJson } from '../decode/parse-json.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { field } from './body-schema.js';
import { cloudEvent, cloudEventPath } from './cloud-event.js';
import { decodeAttribute } from './cloud-event-attribute.js';
import { dataOfBytes, jsonFormatData } from './cloud-event-data.js';
import type { Dialect } from './dialect.js';
import { checkCount, eachEvent } from './event-list.js';
import type { IngestRequest } from './ingest-request.js';
import { isJsonObject, ownField } from './json-object.js';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

const text = { type: 'string', minLength: 1 };
const schema = {
  type: 'object',
  properties: {
    specversion: { type: 'string', const: '1.0' },
    id: text,
    source: { ...text, description: 'A URI reference.' },
    type: { ...text, description: 'A type of the catalog.' },
    time: field.instant,
    subject: field.userId,
    sessionid: field.sessionId,
    datacontenttype: text,
    data: {},
    data_base64: { type: 'string', contentEncoding: 'base64' },
  },
  required: ['specversion', 'id', 'source', 'type'],
  additionalProperties: true,
};
const data = { page: '/' };
const attributes = { specversion: '1.0', id: '1', source: 'https://shop.example', type: 'page_view' };
const example = { ...attributes, subject: 'user-1', datacontenttype: 'application/json', data };

function jsonFormatEvent(event: unknown): RawEvent | RefusedEvent {
  if (!isJsonObject(event)) return new RefusedEvent('invalid_event', '', 'expected an object');
  const contentType = ownField(event, 'datacontenttype');
  if (contentType !== undefined && typeof contentType !== 'string') {
    return new RefusedEvent('invalid_event', '/datacontenttype', 'datacontenttype must be text');
  }
  return cloudEvent(event, () => jsonFormatData(event, contentType));
}

function binaryEvent({ headers, body, contentType }: IngestRequest): RawEvent | RefusedEvent {
  const named = Object.entries(headers).map(([name, value]) => [
    name.slice('ce-'.length),
    decodeAttribute(value!),
  ]);
  return cloudEvent(Object.fromEntries(named), () => dataOfBytes(body, contentType));
}

/** CloudEvents 1.0 over HTTP: binary, structured and batched mode. */
export const cloudEventsDialect: Dialect = {
  path: '/v1/cloudevents',
  summary: 'Accepts CloudEvents 1.0: one in binary or structured mode, or a batch.',
  description: `
- \`type\` is the event's type, \`subject\` its user id, \`time\` its instant, \`source\` its \`src\` (unless it is over
  256 characters), the extension \`sessionid\` its session id. Other attributes are dropped.
- \`source\` and \`id\` together identify an event. Its id is \`<source> <id>\`; \`sha256:\` and their digest when that is
  over 128 characters, or when \`source\` holds a space. Send \`time\`: an event counts once by its id and instant, and
  without \`time\` the instant is that of receipt, so a repeated request counts again.
- \`data\` that is a JSON object is the payload. Other JSON, text (\`text/*\` and XML, in UTF-8) is the payload
  \`{"data": …}\`, other bytes are \`{"data_base64": "…"}\`; no data is \`{}\`. \`data_base64\` is decoded and
  read as its \`datacontenttype\` says; without one it stays base64. The type's schema has to allow the payload.
- Binary mode takes data of any media type; none means JSON. Header values may be percent-encoded. \`path\` in the answer
  is a pointer into the event in the JSON format, in binary mode, too.`,
  bodies: {
    [STRUCTURED]: { schema, example },
    [BATCH]: { schema: { type: 'array', items: schema, minItems: 1 }, example: [example] },
    'application/json': {
      schema: { ...anyObject, description: 'Data of an event in binary mode.' },
      example: data,
    },
  },
  // The remaining event formats, such as XML and Avro, are not supported.
  accepts: (type) => type === STRUCTURED || type === BATCH || !type.startsWith('application/cloudevents'),
  headers: {
    'ce-specversion': { description: 'Binary mode: `1.0`, required.', example: '1.0' },
    'ce-id': { description: 'Binary mode: `id`, required.', example: attributes.id },
    'ce-source': { description: 'Binary mode: `source`, required.', example: attributes.source },
    'ce-type': { description: 'Binary mode: `type`, required.', example: attributes.type },
    'ce-time': { description: 'Binary mode: `time`.' },
    'ce-subject': { description: 'Binary mode: `subject`.' },
    'ce-sessionid': { description: 'Binary mode: `sessionid`.' },
  },
  limit: ({ contentType }) => (contentType === BATCH ? 'batch' : 'single'),
  decode(request) {
    const { body, contentType, maxEvents } = request;
    if (contentType !== STRUCTURED && contentType !== BATCH) return [binaryEvent(request)];
    const parsed = parseJson(body, maxEvents);
    if (contentType === STRUCTURED) {
      if (Array.isArray(parsed)) throw new Problem(400, 'invalid_body', `A batch is sent as ${BATCH}.`);
      return eachEvent([parsed], jsonFormatEvent);
    }
    if (!Array.isArray(parsed)) throw new Problem(400, 'invalid_body', 'A batch is an array of events.');
    checkCount(parsed.length, maxEvents);
    return eachEvent(parsed, jsonFormatEvent);
  },
  clientPath: cloudEventPath,
};
