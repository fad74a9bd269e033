// What can be seen of a page from inside it. Each function gives a list of {rule, selector, html, why}.
(() => {
  const TARGETS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])'
  const CHOICE = '[type=radio], [type=checkbox]'
  const HIDDEN = 'dialog:not([open]), .govuk-skip-link, .govuk-visually-hidden, template, [hidden]'
  const LEAST = 24
  const NEAR = 1.5

  const drawn = (e) =>
    e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible' && !closed(e)
  const closed = (e) => {
    const details = e.closest('details:not([open])')
    return !!details && !e.closest('summary')
  }
  const ours = (e) => drawn(e) && !e.closest(HIDDEN)
  const all = (selector) => [...document.querySelectorAll(selector)]
  const text = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
  const seen = (colour) => !/rgba\([^)]*, 0\)|transparent/.test(colour)

  const selector = (e) => {
    if (e.id) return `#${CSS.escape(e.id)}`
    if (e === document.documentElement || e === document.body) return e.localName
    const alike = [...e.parentElement.children].filter((one) => one.localName === e.localName)
    const nth = alike.length > 1 ? `:nth-of-type(${alike.indexOf(e) + 1})` : ''
    return `${selector(e.parentElement)} > ${e.localName}${nth}`
  }
  const found = (rule, e, why) => ({ rule, selector: selector(e), html: e.outerHTML.slice(0, 200), why })

  // ── 1.4.10: nothing needs scrolling sideways; what may scroll (a table) hides nothing to press ──
  const reflow = () => {
    const limit = document.documentElement.clientWidth + 1
    const faults = all('body *')
      .filter((e) => !e.closest(`${HIDDEN}, .th-scroll`) && drawn(e))
      .filter((e) => e.getBoundingClientRect().right > limit)
      .map((e) => found('wider-than-the-window', e, `it ends at ${Math.round(e.getBoundingClientRect().right)} px`))
    if (document.scrollingElement.scrollWidth > limit) {
      faults.push(found('scrolls-sideways', document.body, `the page is ${document.scrollingElement.scrollWidth} px wide`))
    }
    const away = all('.th-scroll :is(a, button, input, select)').filter((e) => ours(e))
      .filter((e) => e.getBoundingClientRect().right > limit)
      .map((e) => found('out-of-view', e, 'it can be reached only by scrolling a table sideways'))
    return [...faults, ...away]
  }

  // ── 1.4.4 and 1.4.12: no words are cut off or lie under other words ──
  const lines = (e) => [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim()).flatMap((n) => {
    const range = document.createRange()
    range.selectNodeContents(n)
    return [...range.getClientRects()]
  })
  const clips = (e) => {
    const style = getComputedStyle(e)
    return /hidden|clip/.test(style.overflowX + style.overflowY)
  }
  const cutOff = (e) => {
    for (let box = e; box && box !== document.body; box = box.parentElement) {
      if (!clips(box)) continue
      const edge = box.getBoundingClientRect()
      if (lines(e).some((l) => l.right > edge.right + NEAR || l.bottom > edge.bottom + NEAR)) return true
    }
    return false
  }
  const covered = (e) => lines(e).some((line) => {
    const [x, y] = [line.left + line.width / 2, line.top + line.height / 2]
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight || line.width < 2) return false
    const top = document.elementFromPoint(x, y)
    return !!top && !top.contains(e) && !e.contains(top) && !sameControl(top, e)
  })
  const sameControl = (top, e) => {
    // A choice's own box lies over its label, a dialog over everything, and in a table that scrolls one
    // column stays in view over those that move.
    const scrolls = top.closest('.th-scroll')
    if (scrolls && scrolls.contains(e)) return true
    const label = e.closest('label')
    return (!!label && label.control === top) || !!top.closest('dialog[open]')
  }
  const tight = (e) => e.matches('input:not([type=radio], [type=checkbox]), select') &&
    e.scrollHeight > e.clientHeight + NEAR
  const words = () => [
    ...all('body *').filter((e) => text(e) && ours(e)).flatMap((e) => [
      ...(cutOff(e) ? [found('words-cut-off', e, 'its words end outside a box that hides what overflows')] : []),
      ...(covered(e) ? [found('words-covered', e, 'something else lies over its words')] : [])
    ]),
    ...all('input, select').filter((e) => ours(e) && tight(e))
      .map((e) => found('words-cut-off', e, 'the box is lower than its line'))
  ]
  const spacing = new CSSStyleSheet()
  const SPACED = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } ' +
    'p { margin-bottom: 2em !important }'
  const space = (on) => {
    spacing.replaceSync(on ? SPACED : '')
    document.adoptedStyleSheets = on ? [spacing] : []
  }
  const enlarge = (on) => { document.documentElement.style.fontSize = on ? '200%' : '' }

  // ── 2.5.8: targets of 24 by 24 px, or as far apart as that, or in a line of words ──
  const target = (e) => {
    const box = e.getBoundingClientRect()
    return e.matches(CHOICE) && e.labels.length ? union(box, e.labels[0].getBoundingClientRect()) : box
  }
  const union = (a, b) => new DOMRect(
    Math.min(a.left, b.left), Math.min(a.top, b.top),
    Math.max(a.right, b.right) - Math.min(a.left, b.left), Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top)
  )
  const small = (box) => box.width < LEAST - 0.5 || box.height < LEAST - 0.5
  const inWords = (e) => {
    if (getComputedStyle(e).display !== 'inline') return false
    for (let block = e.parentElement; block; block = block.parentElement) {
      if (getComputedStyle(block).display === 'inline') continue
      return block.textContent.trim().length > e.textContent.trim().length
    }
    return false
  }
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2]
  const crowded = (box, others) => {
    const [x, y] = middle(box)
    return others.some((other) => {
      const [a, b] = small(other) ? middle(other) : [Math.max(other.left, Math.min(x, other.right)), Math.max(other.top, Math.min(y, other.bottom))]
      return Math.hypot(x - a, y - b) < (small(other) ? LEAST : LEAST / 2) - 0.5
    })
  }
  const targets = () => {
    const pressed = all(TARGETS).filter((e) => ours(e) && !e.matches('.th-scroll'))
    return pressed.filter((e) => small(target(e)) && !inWords(e)).filter((e) => {
      const others = pressed.filter((o) => o !== e && !o.contains(e) && !e.contains(o)).map(target)
      return crowded(target(e), others)
    }).map((e) => {
      const box = target(e)
      return found('target-too-small', e, `${Math.round(box.width)} by ${Math.round(box.height)} px, with another too near`)
    })
  }

  // ── 1.4.11 in forced colours: backgrounds and shadows are gone; edges and outlines must stand ──
  const edge = (style) => parseFloat(style.borderTopWidth) >= 1 && style.borderTopStyle !== 'none'
  const edges = () => [
    ...all('button:not(.th-language__other, .th-language__now), select, textarea, input:not([type=hidden], [type=radio], [type=checkbox])')
      .filter((e) => ours(e) && !edge(getComputedStyle(e)))
      .map((e) => found('no-edge', e, 'without its background nothing shows where it is')),
    ...all('.govuk-radios__label, .govuk-checkboxes__label').filter((e) => ours(e) && !edge(getComputedStyle(e, '::before')))
      .map((e) => found('no-edge', e, 'its choice is not drawn'))
  ]
  const outlines = () => {
    const before = document.activeElement
    const faults = tabbables().filter((e) => {
      e.focus({ preventScroll: true })
      const style = [getComputedStyle(e), e.nextElementSibling && getComputedStyle(e.nextElementSibling, '::before')]
      return !style.some((s) => s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
    }).map((e) => found('no-outline', e, 'its focus shows only by colours that are not drawn'))
    if (before) before.focus({ preventScroll: true })
    return faults
  }

  // ── 2.1.1, 2.4.3, 2.4.7, 2.4.11: what the Tab key meets ──
  const tabbables = () => {
    const groups = new Set()
    // What lies behind an open dialog takes no focus.
    const modal = document.querySelector('dialog:modal')
    return all(TARGETS).filter((e) => !modal || modal.contains(e)).filter((e) => !e.disabled && drawn(e) && !e.closest('dialog:not([open])')).filter((e) => {
      if (e.type !== 'radio') return true
      const key = `${e.form && e.form.id} ${e.name}`
      const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]:checked`)
      if (groups.has(key) || (chosen && chosen !== e)) return false
      groups.add(key)
      return true
    })
  }
  const looks = (e) => {
    const own = getComputedStyle(e)
    const next = e.nextElementSibling ? getComputedStyle(e.nextElementSibling, '::before') : null
    return [own, next].filter(Boolean).map((s) => ({
      outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && seen(s.outlineColor),
      shadow: s.boxShadow, background: s.backgroundColor, border: s.borderTopColor + s.borderTopWidth
    }))
  }
  let expected = []
  let before = []
  const begin = () => {
    expected = tabbables()
    if (document.activeElement) document.activeElement.blur()
    before = expected.map(looks)
    if (expected.length) expected[0].focus()
    return expected.length
  }
  const shows = (now, was) => now.some((one, i) => one.outline || (one.shadow !== 'none' && one.shadow !== was[i].shadow) ||
    one.background !== was[i].background)
  const hiddenBehind = (e) => {
    const box = e.getBoundingClientRect()
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]]
    return !points.some(([x, y]) => {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)
      return !!top && (e.contains(top) || (e.labels && [...e.labels].some((l) => l.contains(top))) || top.contains(e) && !top.matches('html, body'))
    })
  }
  const step = (number) => {
    const e = document.activeElement
    const want = expected[number]
    if (e !== want) {
      return e === document.body || !e
        ? [found('not-reached', want, 'the Tab key does not come to it')]
        : [found('out-of-order', e, `the Tab key came to it where ${selector(want)} comes next`)]
    }
    const faults = []
    if (!shows(looks(e), before[number])) faults.push(found('focus-not-seen', e, 'it looks the same with the focus as without'))
    if (hiddenBehind(e)) faults.push(found('focus-hidden', e, 'something lies over it while it has the focus'))
    return faults
  }
  const strays = () => [
    ...all('[accesskey]').map((e) => found('shortcut', e, 'a single key would press it while someone types')),
    ...all('[tabindex]').filter((e) => e.tabIndex > 0).map((e) => found('tab-order-set-by-hand', e, `tabindex is ${e.tabIndex}`)),
    ...all('[onclick], [role=button]:not(button, a, [tabindex]), a:not([href], [name], [id])').filter(ours)
      .map((e) => found('not-by-keys', e, 'a pointer can press it and the Tab key cannot reach it'))
  ]

  // ── 3.3.1, 3.3.3: what is wrong is said at the top and beside the control, and the one leads to the other ──
  const errors = (failed) => {
    const summary = document.querySelector('.govuk-error-summary')
    if (!failed) return summary ? [found('summary-without-title', summary, 'the title does not begin with “Error: ”')] : []
    if (!summary) return [found('no-summary', document.body, 'the title says “Error: ” and no summary lists what is wrong')]
    const links = [...summary.querySelectorAll('a[href^="#"]')]
    if (!links.length) return [found('no-links', summary, 'nothing in the summary leads to a control')]
    return links.flatMap((link) => linked(link))
  }
  const linked = (link) => {
    const control = document.getElementById(link.getAttribute('href').slice(1))
    if (!control || !control.matches('input, select, textarea')) return [found('leads-nowhere', link, 'it leads to no control')]
    const group = control.closest('fieldset[aria-describedby]')
    const told = `${control.getAttribute('aria-describedby') || ''} ${(group && group.getAttribute('aria-describedby')) || ''}`
    const messages = told.split(/\s+/).filter(Boolean).map((id) => document.getElementById(id)).filter(Boolean)
    const said = messages.filter((e) => e.matches('.govuk-error-message')).map((e) => e.textContent.replace(/\s+/g, ' ').trim())
    const wanted = link.textContent.replace(/\s+/g, ' ').trim()
    return said.some((words) => words.includes(wanted)) ? [] : [found('not-beside-the-control', link, 'no message beside its control says the same')]
  }
  const summaryFocused = () => {
    const summary = document.querySelector('.govuk-error-summary')
    return !summary || document.activeElement === summary ? [] : [found('summary-not-focused', summary, 'a screen reader does not begin with it')]
  }

  // ── 3.2.3, 3.2.6, 2.4.1: the same frame in the same order on every page ──
  const FRAME = ['.govuk-skip-link', 'header', 'main', '#help', 'footer']
  const frame = () => {
    const parts = FRAME.map((one) => document.querySelectorAll(one))
    const missing = FRAME.filter((_, i) => parts[i].length !== 1)
    if (missing.length) return [found('frame-part', document.body, `not once on the page: ${missing.join(', ')}`)]
    return parts.slice(1).filter((part, i) => !(parts[i][0].compareDocumentPosition(part[0]) & Node.DOCUMENT_POSITION_FOLLOWING))
      .map((part) => found('frame-order', part[0], 'it stands earlier than on other pages'))
  }

  // ── Without scripts: everything that can be answered is there to be answered ──
  const plain = () => [
    ...all('#page-form :is(input:not([type=hidden]), select, textarea, button)').filter((e) => !drawn(e))
      .map((e) => found('needs-a-script', e, 'without JavaScript it is never shown')),
    ...all('main [hidden], main noscript').map((e) => found('needs-a-script', e, 'without JavaScript it stays hidden')),
    ...all('form').filter((f) => ![...f.elements].some((e) => e.localName === 'button' && drawn(e)))
      .map((f) => found('no-button', f, 'without JavaScript it cannot be sent')),
    ...all('a[href^="javascript:"], a[href="#"]').map((e) => found('needs-a-script', e, 'its address does nothing'))
  ]

  // ── 1.2, 1.4.2, 2.2.2, 2.3.1: no sound, no film, nothing that moves or changes by itself ──
  const plays = () => [
    ...all('audio, video, iframe, object, embed, canvas, marquee, blink, svg animate, meta[http-equiv=refresh]')
      .map((e) => found('plays', e, 'it may play, move or change by itself')),
    ...document.getAnimations().filter((one) => one.effect && one.effect.getComputedTiming().iterations > 1)
      .map((one) => found('moves', one.effect.target, 'its style moves it again and again'))
  ]

  window.look = {
    plays, reflow, words, space, enlarge, targets, edges, outlines, begin, step, strays, errors, summaryFocused, frame, plain,
    selector
  }
})()
