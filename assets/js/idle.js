// Warns before the page locks and offers more time, as often as wanted (WCAG 2.2, 2.2.1).
// Nothing counts down: the words name the time at which the page locks, and the dialog says "5 minutes".

const WARNING = 5 * 60 * 1000

export function watchIdle(dialog) {
  if (!dialog || typeof dialog.showModal !== 'function') return
  new Idle(dialog).start(Number(dialog.dataset.seconds) * 1000)
}

class Idle {
  constructor(dialog) {
    this.dialog = dialog
    this.warning = dialog.querySelector('.th-idle__warn')
    this.locked = dialog.querySelector('.th-idle__locked')
    dialog.querySelector('[data-idle="extend"]').addEventListener('click', () => this.extend())
    dialog.querySelector('[data-idle="continue"]').addEventListener('click', () => this.carryOn())
    dialog.addEventListener('cancel', (event) => this.cancelled(event))
    // A browser lets Escape, pressed twice, close any dialog: a locked page stays covered all the same.
    dialog.addEventListener('close', () => this.locked.hidden || dialog.showModal())
    document.addEventListener('visibilitychange', () => this.check())
    window.addEventListener('pageshow', (event) => event.persisted && window.location.reload())
  }

  start(milliseconds) {
    this.ends = Date.now() + milliseconds
    this.check()
  }

  // A laptop that slept has missed its timers, so the clock is read again each time.
  check() {
    clearTimeout(this.timer)
    const left = this.ends - Date.now()
    if (left <= 0) {
      this.lock()
    } else if (left <= WARNING) {
      this.warn()
      this.timer = setTimeout(() => this.check(), left)
    } else {
      this.timer = setTimeout(() => this.check(), left - WARNING)
    }
  }

  warn() {
    if (this.dialog.open) return
    this.dialog.showModal()
    this.warning.querySelector('h2').focus()
  }

  lock() {
    if (!this.dialog.open) this.dialog.showModal()
    if (!this.locked.hidden) return
    this.dialog.classList.add('th-idle--locked')
    this.dialog.setAttribute('aria-labelledby', 'locked-heading')
    this.warning.hidden = true
    this.locked.hidden = false
    this.locked.querySelector('h2').focus()
  }

  cancelled(event) {
    if (!this.locked.hidden) event.preventDefault()
    else this.extend()
  }

  async extend() {
    const answer = await this.ask()
    if (!answer) {
      this.lock()
      return
    }
    document.querySelectorAll('[data-idle-time]').forEach((at) => {
      at.textContent = answer.words
    })
    this.dialog.close()
    this.start(answer.seconds * 1000)
  }

  async ask() {
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]')
    try {
      const reply = await fetch(this.dialog.dataset.extend, {
        method: 'POST',
        headers: { 'X-CSRFToken': token ? token.value : '', Accept: 'application/json' },
        credentials: 'same-origin'
      })
      return reply.ok ? await reply.json() : null
    } catch {
      return null
    }
  }

  // Sending the page keeps what was typed; the server then asks who is there.
  carryOn() {
    const form = document.getElementById('page-form')
    if (form) form.submit()
    else window.location.reload()
  }
}
