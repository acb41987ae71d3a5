/** The version of the package. A test holds it against package.json. */
export const VERSION = '0.1.0'

/** The version of what travels between peers: the number in `/netgen/v1/`. */
export const PROTOCOL_VERSION = 1
