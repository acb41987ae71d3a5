/** The first number of Node's version: what it does slowly depends on it. */
export const NODE_MAJOR: number = Number(process.versions.node.split('.', 1)[0])

/** Whether it was built with ICU, without which it has no `transcode`. */
export const hasIcu: boolean = process.versions['icu'] !== undefined
