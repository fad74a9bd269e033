// Everything here is extra: each page works without it.
import { Button, CharacterCount, Checkboxes, createAll, ErrorSummary, Radios, SkipLink } from 'govuk-frontend'
import { watchIdle } from './idle.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
// Only the components in use, so that the script stays small.
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink]) createAll(component)
watchIdle(document.getElementById('idle'))
