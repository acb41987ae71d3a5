import type { ServerResponse } from 'node:http'
import { limitUnread } from './limit-unread.js'

/** What a page may send with a call: all that netgen reads. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'netgen-target',
  'netgen-caller',
  'netgen-caller-group',
  'netgen-timeout-ms',
  'netgen-call-id',
  'netgen-metadata',
  'traceparent',
  'tracestate',
  'baggage',
].join(', ')

/** How long a browser may remember what a page may send, in seconds: a peer that ended, and came back with less, is asked anew. */
const MAX_AGE_S = 600

/** Lets the page of an origin read the answer. No other origin's, and none with cookies. */
export function letRead(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('vary', 'origin')
}

/** Tells a browser what a page may send (Fetch, section 3.3.3: CORS-preflight). */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(MAX_AGE_S),
  })
  response.end()
  limitUnread(response)
}
