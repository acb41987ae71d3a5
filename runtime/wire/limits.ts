/**
 * All limits of a running peer that others can reach. Each says its unit, its reason, and what whoever passes it is told. None
 * can be set: they hold memory and time within bounds, whatever a stranger, a neighbour or a mistake sends.
 */

/** A request's longest body, in bytes. Longer ones are refused with `resource_exhausted` before they are read. */
export const MAX_REQUEST_BYTES = 1_048_576

/** An answer's longest body, in bytes: `resource_exhausted` instead of it. Four times a request's, for lists. */
export const MAX_ANSWER_BYTES = 4_194_304

/** How many arrays and objects may stand inside each other: `invalid_argument`. Counted before anything is parsed. */
export const MAX_DEPTH = 64

/**
 * How much structure a request of more than 256 Ki characters may have: `resource_exhausted`, counted before anything is parsed. Each
 * different key counts one, so do each member that gives its object a shape that none had before and each object that has an integer
 * for a key, and four arrays or objects count one: what JSON.parse needs time for besides the length, about 0.5 µs each. A list of records
 * has as many as its records have ways to differ in their keys, and a record of names as many as it has names.
 */
export const MAX_STRUCTURE = 40_000

/** How many levels an error record may have around the data that it carries: the answer, the record, and its causes. */
export const ERROR_RECORD_DEPTH = 24

/** How many calls a peer runs at once, whoever called: `resource_exhausted` at once, so that nobody waits in a line for it. */
export const MAX_CALLS_IN_FLIGHT = 256

/**
 * How many calls of one side of a session may be without an answer: `resource_exhausted` at once, at the caller already. More
 * than what runs at once, since calls that are answered as they are read never do.
 */
export const MAX_SESSION_CALLS = 1_024

/**
 * How much may wait to leave over one session, in bytes, since a reader that stops would fill the memory: then no call is sent
 * (`resource_exhausted`); who was dialled reads nothing more, and who has dialled lets calls wait, as much of them in UTF-16 units, and
 * refuses further ones. After two seconds of that, or at four times as much, the session is closed with 4413, and calls in flight end
 * with `resource_exhausted`.
 */
export const MAX_BUFFERED_BYTES = 8_388_608

/**
 * How much may wait for its turn to be run, of one session, in UTF-16 units: while more does, nothing is read from its link, so
 * that the other side's calls wait over there.
 */
export const MAX_WAITING_LENGTH = 1_048_576

/**
 * How much may wait for its turn to be run of what came over an engine, of all callers together, in bytes: `resource_exhausted`. Four times
 * what one caller's may have, since callers say themselves who they are. Each call counts with `WAITING_CALL_BYTES` more than its input.
 */
export const MAX_WAITING_BYTES = 33_554_432

/** What a call that waits takes besides its input, in bytes: about, so that calls without any are limited too. */
export const WAITING_CALL_BYTES = 1_024

/** How many connections one listening address accepts; more are closed unheard, for there is nothing cheaper. */
export const MAX_CONNECTIONS = 1_024

/** How many sessions a peer accepts: `resource_exhausted`. Fewer than connections, so that it can still say so, and be found. */
export const MAX_SESSIONS = 1_000
/** How many errors may stand inside each other in one record, the outermost not counted. */
export const MAX_CAUSE_DEPTH = 8

/** How many errors one record may hold: itself, its causes and its parts. */
export const MAX_ERRORS = 32

/** How many peers one record may name. */
export const MAX_HOPS = 16

/** How many frames one hop may have. More explain nothing, and a user may have raised V8's own limit of 10. */
export const MAX_FRAMES = 64

/** How many tags one record may list as served. A peer that serves more would not be known better by more of them. */
export const MAX_TOLD_TAGS = 1_000

/** How long a tag or another name may be in a record, in UTF-16 units; a schema's tag has 500 bytes at most. Longer ones are cut. */
export const MAX_TOLD_NAME_LENGTH = 500

/** How many things that did not travel one record may name. */
export const MAX_CUTS = 16

/**
 * How many streams one side of a session may have open: `resource_exhausted`. They are no calls in flight: each holds its window
 * of items, and a place in a table, for as long as it lasts.
 */
export const MAX_SESSION_STREAMS = 1_000

/**
 * How long a tag may be that one side of a session subscribes to, in UTF-16 units: the line is no message, and the link is closed with
 * 4400. Twice what a schema may declare; each is remembered, also where no schema here has it.
 */
export const MAX_SUBSCRIBED_TAG_LENGTH = 1_024

/** How many events one side of a session may be subscribed to at the other: `resource_exhausted`. */
export const MAX_SESSION_SUBSCRIPTIONS = 1_000

/** How many peers may be subscribed to a peer's events over an engine: `resource_exhausted`. None of them takes a link. */
export const MAX_ENGINE_SUBSCRIBERS = 10_000

/**
 * How many subscriptions a peer keeps over an engine, of all subscribers together, who say themselves who they are: `resource_exhausted`.
 * Each takes 0.2 KB, and 1.2 KB where it has a tag of its own, as long as one may be: about 120 MB at most, measured with Node 20.
 */
export const MAX_ENGINE_SUBSCRIPTIONS = 100_000

/**
 * How many events may wait for one subscriber, at its publisher until its session takes them, and at the subscriber until its handler
 * does; and how many UTF-16 units of JSON they may have. The oldest are dropped for new ones, and missed by the subscriber, who is
 * told how many.
 */
export const MAX_WAITING_EVENTS = 1_000
export const MAX_WAITING_EVENT_LENGTH = 8_388_608

/** How many events one line may hold, which are handled one right after the other: more make it no message (4400). */
export const MAX_LINE_EVENTS = 256
