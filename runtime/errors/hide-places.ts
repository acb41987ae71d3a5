import { homedir } from 'node:os'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Rewrites a text that leaves this peer. */
export type HidePlaces = (text: string) => string

/** `scheme://user:password@`: up to the last `@` before the path. */
const USER_INFO = /([a-z][a-z\d+.-]{0,30}:\/\/)[^\s/?#"'`<>]*@/gi

/** The value of a query's parameter whose name says that it is a secret. */
const SECRET_PARAMETER =
  /([?&][\w.-]{0,40}(?:token|secret|passw(?:or)?d|pwd|api[_-]?key|signature|credential|auth)[\w.-]{0,40}=)[^\s&#"'`<>]+/gi

/** Home folders of any user: as Linux, macOS and Windows have them. */
const ANY_HOME =
  /(?<![\w.~/\\-])(?:file:\/\/)?(?:\/(?:home|Users)\/[^\s/"'`<>:]+|[A-Za-z]:[\\/]Users[\\/][^\s\\/"'`<>:]+)/g

/**
 * Makes what takes out of a text where its peer lives: paths below the root are shown relative to it, home folders as `~`, and
 * URLs without their user, password and secret parameters.
 *
 * `root` and `home` are absolute; by default this user's home. A root or home that is the top of the file system hides nothing.
 */
export function createHidePlaces(root: string, home: string = homedir()): HidePlaces {
  const below = matchFolder(root, true)
  const rootAlone = matchFolder(root, false)
  const homeFolder = matchFolder(home, false)
  const hide = (text: string): string => {
    let hidden = text
    if (below !== undefined) hidden = hidden.replace(below, '')
    if (rootAlone !== undefined) hidden = hidden.replace(rootAlone, '.')
    if (homeFolder !== undefined) hidden = hidden.replace(homeFolder, '~')
    return hidden.replace(ANY_HOME, '~').replace(USER_INFO, '$1').replace(SECRET_PARAMETER, '$1…')
  }
  // The names and files of frames are the same in every error from one place.
  const kept = new Map<string, string>()
  return (text) => {
    if (text.length > MAX_KEPT_LENGTH) return hide(text)
    const known = kept.get(text)
    if (known !== undefined) return known
    if (kept.size >= MAX_KEPT) kept.clear()
    const hidden = hide(text)
    kept.set(text, hidden)
    return hidden
  }
}

/** In UTF-16 units. */
const MAX_KEPT_LENGTH = 200

const MAX_KEPT = 1_000

/** The folder as a path or a file URL, where it begins a path: with what parts it from its content, or as a whole. */
function matchFolder(folder: string, withSeparator: boolean): RegExp | undefined {
  const path = folder.endsWith(sep) ? folder.slice(0, -sep.length) : folder
  if (path === '' || /^[A-Za-z]:$/.test(path)) return undefined
  const forms = [pathToFileURL(path).href, path].map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const end = withSeparator ? '[\\\\/]' : '(?![\\w.-])'
  return new RegExp(`(?<![\\w.~/\\\\-])(?:${forms.join('|')})${end}`, 'g')
}
