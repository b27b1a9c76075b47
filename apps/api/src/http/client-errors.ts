import { type IncomingMessage, maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemDocument, unauthorized } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Problems by the code of Node's HTTP parser and time-outs; every other code is a malformed request. */
const PARSER_PROBLEMS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'headers_too_large', 'The header section is over 16 KiB'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new Problem(413, 'body_too_large', 'The chunk extensions are too long'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'request_timeout', 'The request was not received in time'),
};
/** No valid credential is too long for a header. */
const UNAUTHORIZED = unauthorized('The API key or token is invalid');
const MALFORMED = new Problem(400, 'malformed_request', 'The request is not valid HTTP/1.1');
const BAD_PATH = new Problem(400, 'malformed_request', 'The path is not valid percent-encoded UTF-8');
const LONG_PATH = new Problem(414, 'uri_too_long', 'A part of the path is too long');
const EXPECTATION = new Problem(417, 'expectation_failed', 'Only 100-continue can be expected');

/** How long a refused client may keep sending. */
const PATIENCE_MS = 5_000;
const answered = new WeakSet<Socket>();

/** Answers input that is not a request, and so never reaches the framework. */
export function answerClientError(error: ParserError, socket: Socket): void {
  // Closing a connection with unread bytes resets it, and the answer is lost. So the rest is read and
  // discarded; the parser reports an error for every chunk of it.
  if (answered.has(socket)) return;
  // After a reset no answer can be sent.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy(error);
    return;
  }
  answered.add(socket);
  setTimeout(() => socket.destroy(), PATIENCE_MS).unref();
  const problem = problemOf(error);
  const body = bodyOf(problem);
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    ...problem.headers,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines}\r\n\r\n${body}`);
}

/** An error of Node's parser, with the bytes it was reading (a Buffer, whatever Fastify's types say). */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: unknown };

function problemOf({ code = '', rawPacket }: ParserError): Problem {
  if (code === 'HPE_HEADER_OVERFLOW' && Buffer.isBuffer(rawPacket) && endsInCredential(rawPacket)) {
    return UNAUTHORIZED;
  }
  return PARSER_PROBLEMS[code] ?? MALFORMED;
}

/** Whether the header that is too long holds the credential. */
function endsInCredential(packet: Buffer): boolean {
  const lines = packet.subarray(0, maxHeaderSize).toString('latin1').split('\r\n');
  return /^(authorization|x-api-key):/i.test(lines.at(-1)!);
}

/** Answers requests whose path the router cannot read; they never reach Nest. */
export function answerRouterError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? LONG_PATH : BAD_PATH;
  void reply
    .status(problem.status)
    .headers(SECURITY_HEADERS)
    .type('application/problem+json')
    .send(bodyOf(problem));
}

/** Answers requests whose `Expect` header names something unknown. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = bodyOf(EXPECTATION);
  response
    .writeHead(EXPECTATION.status, {
      ...SECURITY_HEADERS,
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    .end(body);
}

const bodyOf = (problem: Problem) => JSON.stringify(problemDocument(problem));
