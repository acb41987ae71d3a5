import { dirname, sep } from 'node:path'
import type { Frame } from '../errors/remote.js'
import { mapFrame, toPath } from './map-frame.js'
import { parseFrame } from './parse-stack.js'

/** More explain nothing, and a user may have raised V8's own limit of 10. */
const MAX_FRAMES = 64

/** Where netgen is installed, and undici's part of the way. */
const PACKAGES = /[\\/]node_modules[\\/](?:undici|netgen[\\/]dist[\\/]runtime)[\\/]/

/** The folder of netgen's runtime: what runs in it is of no interest to whoever reads a traceback. */
const RUNTIME_FOLDER = findRuntimeFolder(import.meta.url)

/** The frames of a stack that are the user's: source-mapped, at most 64, without netgen's own and Node's. Never throws. */
export function readOwnFrames(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const line of stack.split('\n')) {
    const frame = line.length > MAX_KEPT_LENGTH ? readOwnFrame(line) : findOwnFrame(line)
    if (frame !== null && frames.push(frame) === MAX_FRAMES) break
  }
  return frames
}

/** Lines that were read: errors come from few places, and reading one takes a hundred times as long as looking it up. */
const kept = new Map<string, Frame | null>()

const MAX_KEPT = 1_000

/** In UTF-16 units. */
const MAX_KEPT_LENGTH = 400

function findOwnFrame(line: string): Frame | null {
  const known = kept.get(line)
  if (known !== undefined) return known
  // A copy: V8 makes parts of a text point to the whole of it, which may be a megabyte of message.
  const copy = Buffer.from(line).toString()
  const frame = readOwnFrame(copy)
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(copy, frame)
  return frame
}

function readOwnFrame(line: string): Frame | null {
  const frame = parseFrame(line)
  if (frame === undefined || !isForeign(frame)) return null
  const mapped = mapFrame(frame)
  return isForeign(mapped) ? Object.freeze(mapped) : null
}

function isForeign({ file }: Frame): boolean {
  if (file.startsWith('node:')) return false
  const path = toPath(file) ?? file
  return !PACKAGES.test(path) && (RUNTIME_FOLDER === undefined || !path.startsWith(RUNTIME_FOLDER))
}

/**
 * undefined in a bundle, where one file holds netgen's code and the user's: there only its source map tells them apart.
 *
 * @param ownUrl undefined in a bundle of CommonJS, which has none.
 */
function findRuntimeFolder(ownUrl: string | undefined): string | undefined {
  const ownPath = toPath(ownUrl ?? '') ?? ''
  return /[\\/]runtime[\\/]traceback[\\/]own-frames\.[jt]s$/.test(ownPath) ? dirname(dirname(ownPath)) + sep : undefined
}

/** A frame as V8 prints it, so that terminals and editors make it a link. */
export function printFrame(frame: Frame): string {
  const place = `${frame.file}:${frame.line}:${frame.column}`
  const prefix = frame.async ? '    at async ' : '    at '
  return frame.function === undefined ? prefix + place : `${prefix}${frame.function} (${place})`
}
