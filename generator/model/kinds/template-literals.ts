import { takeCount } from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { describeValue } from '../plain-value.js'
import { parseTemplate } from '../templates/parse-template.js'
import { typeTemplate, writeTemplatePattern } from '../templates/template.js'
import type { KindRule } from './kind-rule.js'

/** A text made of fixed texts and of words, numbers and choices between them. */
export const TEMPLATE_LITERAL: KindRule = {
  limits: { minLength: takeCount, maxLength: takeCount },
  structure: ['pattern'],
  read({ keywords, marks }, position, reader) {
    const pattern = keywords.get('pattern')
    const template = typeof pattern === 'string' ? parseTemplate(pattern, marks.includes('escaped')) : undefined
    if (template !== undefined) {
      const written = takePattern(`^${writeTemplatePattern(template)}$`, position, reader)
      return written === undefined
        ? undefined
        : { type: typeTemplate(template), schema: { type: 'string', pattern: written } }
    }
    const finding = `is a template with the pattern ${describeValue(pattern)}, which cannot be read back as a template`
    const remedy =
      'leave ( ) | $, null, undefined and empty texts out of it, and write a choice of templates as Type.Union([Type.TemplateLiteral(...), ...])'
    reader.report('NG3019', position, finding, remedy)
    return undefined
  },
}
