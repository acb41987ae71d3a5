/** A request's longest body, in bytes. Longer ones are refused with `resource_exhausted` before they are read. */
export const MAX_REQUEST_BYTES = 1_048_576

/** An answer's longest body, in bytes. */
export const MAX_ANSWER_BYTES = 4_194_304

/** How many arrays and objects may stand inside each other. Counted before anything is parsed. */
export const MAX_DEPTH = 64

/** How many levels an error record may have around the data that it carries: the answer, the record, and its causes. */
export const ERROR_RECORD_DEPTH = 24
