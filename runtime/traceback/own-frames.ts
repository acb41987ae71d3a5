import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Frame } from '../errors/remote.js'
import { mapFrame } from './map-frame.js'
import { parseStack } from './parse-stack.js'

/** The folder of netgen's runtime: what runs in it is of no interest to whoever reads a traceback. */
const RUNTIME_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)))

/** The frames of a stack that are the user's: source-mapped, without netgen's own and Node's. */
export function readOwnFrames(stack: string): Frame[] {
  return parseStack(stack)
    .filter((frame) => !isNode(frame.file) && !isRuntime(frame.file))
    .map(mapFrame)
}

function isNode(file: string): boolean {
  return file.startsWith('node:')
}

function isRuntime(file: string): boolean {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file
  // dist/runtime and the built-in connections' handlers in it; also undici's part of the way.
  return path.startsWith(RUNTIME_FOLDER) || /[\\/]node_modules[\\/]undici[\\/]/.test(path)
}

/** A frame as V8 prints it, so that terminals and editors make it a link. */
export function printFrame(frame: Frame): string {
  const place = `${frame.file}:${frame.line}:${frame.column}`
  const prefix = frame.async ? '    at async ' : '    at '
  return frame.function === undefined ? prefix + place : `${prefix}${frame.function} (${place})`
}
