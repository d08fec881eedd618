'use strict';
// Shows the facts that the document holds. Text is set as text, never as markup.
(() => {
  const facts = JSON.parse(document.getElementById('facts').textContent);
  const tables = facts.schema.tables;
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === 'on') for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat().filter((child) => child !== undefined && child !== false && child !== null));
    return node;
  };
  const path = (table) => (table.schema && table.schema !== 'public' ? `${table.schema}.${table.name}` : table.name);
  const count = (n, word) => `${n} ${word}${n === 1 ? '' : word.endsWith('s') ? 'es' : 's'}`;
  const badge = (text, kind = '') => el('span', { class: `badge ${kind}` }, text);
  const finding = (one) => el('div', { class: 'card' }, badge(one.severity, one.severity), badge(one.code), el('div', {}, one.message),
    ...one.help.map((help) => el('div', { class: 'faint' }, help)));

  // Differences, by the table that they are about.
  const differing = new Map();
  for (const side of facts.sides) for (const one of side.differences) if (one.table) differing.set(one.table, [...(differing.get(one.table) ?? []), { ...one, side }]);
  const differences = facts.sides.reduce((sum, side) => sum + side.differences.length, 0);
  const holes = facts.rls ? facts.rls.findings.filter((one) => one.severity === 'error').length : 0;

  // Views ---------------------------------------------------------------------------------------
  const views = [
    ['diagram', 'Diagram', tables.length],
    ['tables', 'Tables'],
    ['history', 'History', facts.history.length],
    ['state', 'State', differences || undefined, differences > 0],
    ['rls', 'Security', holes || undefined, holes > 0],
    ['plan', 'Plan', facts.pending ? facts.pending.statements.length || facts.pending.questions.length : undefined],
  ];
  const nav = $('nav');
  const show = (name, focus = true) => {
    for (const [view] of views) {
      $(`#${view}`).hidden = view !== name;
      $(`#tab-${view}`).setAttribute('aria-selected', view === name);
      $(`#tab-${view}`).tabIndex = view === name ? 0 : -1;
    }
    if (location.hash !== `#${name}`) history.replaceState(null, '', `#${name}`);
    if (name === 'diagram') requestAnimationFrame(() => { if (!fitted) fit(); });
    if (focus) $(`#tab-${name}`).focus();
  };
  for (const [view, text, number, bad] of views) {
    nav.append(el('button', { id: `tab-${view}`, role: 'tab', type: 'button', 'aria-controls': view, on: { click: () => show(view) } }, text,
      number !== undefined && el('span', { class: `count ${bad ? 'bad' : ''}` }, String(number))));
  }
  nav.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = views.findIndex(([view]) => $(`#tab-${view}`) === document.activeElement);
    show(views[(at + step + views.length) % views.length][0]);
    event.preventDefault();
  });

  // The diagram: moved and scaled as a whole ----------------------------------------------------
  const canvas = $('.canvas');
  const svg = $('svg', canvas);
  const size = { width: svg.width.baseVal.value, height: svg.height.baseVal.value };
  const view = { x: 0, y: 0, scale: 1 };
  let fitted = false;
  const draw = () => {
    svg.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    canvas.classList.toggle('far', view.scale < 0.42);
  };
  const zoom = (factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
    const scale = Math.min(3, Math.max(0.02, view.scale * factor));
    view.x = x - ((x - view.x) * scale) / view.scale;
    view.y = y - ((y - view.y) * scale) / view.scale;
    view.scale = scale;
    draw();
  };
  const fit = () => {
    if (!canvas.clientWidth) return;
    fitted = true;
    view.scale = Math.min(1.1, (canvas.clientWidth - 20) / size.width, (canvas.clientHeight - 20) / size.height);
    view.x = (canvas.clientWidth - size.width * view.scale) / 2;
    view.y = (canvas.clientHeight - size.height * view.scale) / 2;
    draw();
  };
  const centre = (at) => {
    const box = $(`[data-table="${at}"]`, svg);
    const [x, y] = box.getAttribute('transform').match(/-?[\d.]+/g).map(Number);
    const rect = $('.box', box);
    view.scale = Math.max(view.scale, 0.85);
    view.x = canvas.clientWidth / 2 - (x + rect.width.baseVal.value / 2) * view.scale - 160;
    view.y = canvas.clientHeight / 2 - (y + Math.min(rect.height.baseVal.value, 300) / 2) * view.scale;
    draw();
  };
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    if (event.ctrlKey || !event.shiftKey) zoom(Math.exp(-event.deltaY * 0.0016), event.clientX - box.left, event.clientY - box.top);
    else { view.x -= event.deltaY; draw(); }
  }, { passive: false });
  let drag = null;
  canvas.addEventListener('pointerdown', (event) => { drag = { x: event.clientX - view.x, y: event.clientY - view.y, from: [event.clientX, event.clientY], far: 0 }; });
  addEventListener('pointermove', (event) => {
    if (!drag) return;
    drag.far = Math.max(drag.far, Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]));
    if (drag.far < 4) return;
    view.x = event.clientX - drag.x;
    view.y = event.clientY - drag.y;
    canvas.classList.add('moving');
    draw();
  });
  addEventListener('pointerup', () => { canvas.classList.remove('moving'); setTimeout(() => { drag = null; }); });
  canvas.addEventListener('click', (event) => {
    if (drag && drag.far >= 4) return;
    const box = event.target.closest('[data-table]');
    if (box) choose(Number(box.dataset.table)); else close();
  });
  canvas.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (move) { view.x += move[0]; view.y += move[1]; draw(); event.preventDefault(); }
    if (event.key === '+' || event.key === '=') zoom(1.25);
    if (event.key === '-') zoom(0.8);
    if (event.key === '0') fit();
  });
  for (const button of all('[data-zoom]')) button.addEventListener('click', () => ({ in: () => zoom(1.25), out: () => zoom(0.8), fit })[button.dataset.zoom]());
  for (const [at, table] of tables.entries()) if (differing.has(path(table))) $(`[data-table="${at}"]`, svg).classList.add('differs');

  // One table -----------------------------------------------------------------------------------
  const aside = $('aside');
  let before = null;
  const close = () => {
    aside.hidden = true;
    svg.classList.remove('focused');
    for (const node of all('.near, .chosen', svg)) node.classList.remove('near', 'chosen');
    if (before) before.focus();
    before = null;
  };
  const choose = (at) => {
    const table = tables[at];
    if (!aside.hidden) close();
    before = document.activeElement;
    svg.classList.add('focused');
    const near = new Set([at]);
    for (const edge of all('.edge', svg)) {
      const [from, to] = [Number(edge.dataset.from), Number(edge.dataset.to)];
      if (from !== at && to !== at) continue;
      edge.classList.add('near');
      near.add(from).add(to);
    }
    for (const one of near) $(`[data-table="${one}"]`, svg).classList.add('near');
    $(`[data-table="${at}"]`, svg).classList.add('chosen');
    const edges = facts.schema.edges;
    const link = (other, text) => el('tr', {}, el('td', {}, el('button', { type: 'button', class: 'mono', on: { click: () => { show('diagram', false); choose(other); centre(other); } } }, path(tables[other]))), el('td', { class: 'mono faint' }, text));
    const list = (title, rows) => rows.length ? [el('h3', {}, title), el('table', {}, rows)] : [];
    const kinds = [...new Set(table.parts.map((part) => part.kind))].filter((kind) => kind !== 'column');
    aside.replaceChildren(
      el('button', { class: 'close', type: 'button', 'aria-label': 'Close', on: { click: close } }, '×'),
      el('h2', {}, path(table)),
      el('div', {}, badge(table.kind), table.kind === 'table' && badge(`row level security ${table.security}`, table.security === 'forced' ? 'good' : '')),
      ...(differing.get(path(table)) ?? []).map((one) => el('div', { class: 'card bad' }, badge(`${one.side.from} ≠ ${one.side.to}`, 'bad'), el('div', {}, one.message), one.sql && el('pre', {}, one.sql))),
      ...list('Columns', table.columns.map((column) => el('tr', {},
        el('td', { class: 'mono' }, column.name), el('td', { class: 'mono faint' }, column.type),
        el('td', {}, [...column.keys].map((key) => badge(key)), column.not_null ? '' : badge('null'), column.default !== undefined && el('div', { class: 'mono faint' }, column.default))))),
      ...list('Points at', edges.filter((edge) => edge.from === at).map((edge) => link(edge.to, `${edge.columns.join(', ')}${edge.on_delete ? ` · on delete ${edge.on_delete}` : ''}`))),
      ...list('Pointed at by', edges.filter((edge) => edge.to === at).map((edge) => link(edge.from, edge.columns.join(', ')))),
      ...kinds.flatMap((kind) => [el('h3', {}, kind === 'grants on' ? 'grants' : kind === 'owner of' ? 'owner' : kind), ...table.parts.filter((part) => part.kind === kind).map((part) => el('pre', {}, part.sql))]),
    );
    aside.hidden = false;
    aside.scrollTop = 0;
    $('.close', aside).focus();
  };

  // Search --------------------------------------------------------------------------------------
  const input = $('.search input');
  const found = $('.found');
  let chosen = 0;
  const search = () => {
    const words = input.value.trim().toLowerCase();
    const hits = [];
    if (words) {
      for (const [at, table] of tables.entries()) {
        const name = path(table).toLowerCase();
        const column = table.columns.find((one) => one.name.toLowerCase().includes(words));
        if (name.includes(words)) hits.push([name === words ? 0 : name.startsWith(words) ? 1 : 2, at, count(table.columns.length, 'column')]);
        else if (column) hits.push([3, at, column.name]);
      }
    }
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    chosen = 0;
    found.replaceChildren(...hits.slice(0, 40).map(([, at, note], place) => el('li', { role: 'option', 'data-at': at, 'aria-selected': place === 0, on: { mousedown: (event) => { event.preventDefault(); go(at); } } }, path(tables[at]), el('small', {}, note))));
    found.hidden = !words;
    if (words && !hits.length) found.replaceChildren(el('li', { class: 'faint' }, 'nothing found'));
  };
  const go = (at) => { found.hidden = true; input.value = ''; show('diagram', false); choose(at); centre(at); };
  input.addEventListener('input', search);
  input.addEventListener('blur', () => { found.hidden = true; });
  input.addEventListener('keydown', (event) => {
    const options = all('li[data-at]', found);
    if (event.key === 'Escape') { input.value = ''; found.hidden = true; input.blur(); }
    if (event.key === 'Enter' && options[chosen]) go(Number(options[chosen].dataset.at));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      chosen = (chosen + step + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute('aria-selected', place === chosen));
      options[chosen].scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    }
  });
  addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== input) { input.focus(); event.preventDefault(); }
    if (event.key === 'Escape' && !aside.hidden && document.activeElement !== input) close();
  });

  // The other views -----------------------------------------------------------------------------
  const fill = (name, ...children) => $(`#${name}`).replaceChildren(el('div', { class: 'sheet' }, ...children));
  const nothing = (text) => el('p', { class: 'empty' }, text);
  const schemas = [...new Set(tables.map((table) => table.schema))];
  fill('tables', ...(tables.length ? schemas.flatMap((schema) => [
    el('h3', {}, schema || 'public'),
    el('div', { class: 'tiles' }, tables.map((table, at) => table.schema === schema && el('button', { type: 'button', class: 'tile', on: { click: () => choose(at) } },
      el('b', {}, table.name), el('span', { class: 'faint' }, `${table.kind === 'table' ? '' : `${table.kind} · `}${count(table.columns.length, 'column')}`), ' ',
      table.security === 'forced' && badge('rls', 'good'), differing.has(path(table)) && badge('differs', 'bad')))),
  ]) : [nothing('The schema has no tables.')]));

  const signs = { '+': 'add', '-': 'drop', '~': 'change', '>': 'rename' };
  fill('history', facts.history.length ? el('div', { class: 'time' }, [...facts.history].reverse().map((one) => el('details', { class: `card ${one.state ?? ''}`, 'data-tag': one.tag },
    el('summary', {}, el('b', { class: 'mono' }, one.tag), badge(one.kind), one.state && badge(one.state, one.state === 'applied' ? 'good' : 'warning'),
      one.findings.length > 0 && badge(count(one.findings.length, 'finding'), one.findings.some((f) => f.severity === 'error') ? 'error' : 'warning'),
      el('span', { class: 'faint' }, new Date(one.when).toISOString().slice(0, 10))),
    one.changes.length ? [el('h3', {}, 'Changes'), ...one.changes.map((change) => el('div', {}, el('span', { class: `sign ${signs[change.sign] ?? ''}` }, change.sign), change.object))]
      : el('p', { class: 'faint' }, 'Nothing of what schema.ts can say: it is written by hand.'),
    one.findings.length > 0 && [el('h3', {}, 'Findings'), ...one.findings.map(finding)],
    el('h3', {}, 'SQL'), el('pre', {}, one.sql)))) : nothing('There is no migration yet.'));

  const sign = (from, to) => {
    const side = facts.sides.find((one) => one.from === from && one.to === to);
    if (!side || side.not_compared) return el('span', { class: 'faint', title: side?.not_compared ?? 'not compared' }, '?');
    return side.differences.length ? el('span', { class: 'drop', title: 'they differ' }, '≠') : el('span', { class: 'add', title: 'in step' }, '=');
  };
  fill('state', el('div', { class: 'three' },
    el('div', {}, el('b', {}, 'Declared'), el('div', { class: 'faint' }, 'schema.ts and SQL files')), sign('declared', 'history'),
    el('div', {}, el('b', {}, 'History'), el('div', { class: 'faint' }, count(facts.history.length, 'migration'))), sign('history', 'live'),
    el('div', {}, el('b', {}, 'Live'), el('div', { class: 'faint' }, 'the database'))),
  ...facts.sides.flatMap((side) => [el('h3', {}, `${side.from} and ${side.to}`),
    ...(side.not_compared ? [el('p', { class: 'faint' }, side.not_compared)] : []),
    ...(side.not_compared || side.differences.length ? [] : [el('p', {}, badge('in step', 'good'))]),
    ...side.differences.map((one) => el('div', { class: 'card bad' }, el('div', {}, one.message), one.sql && el('pre', {}, one.sql)))]));

  const words = { 'no-right': ['—', ''], 'no-rows': ['no rows', 'good'], 'all-rows': ['all rows', 'bad'], tenant: ['its own', 'good'], other: ['by policy', 'warning'] };
  if (facts.rls) {
    const rows = facts.rls.matrix;
    const roles = [...new Set(rows.map((row) => row.role))];
    const commands = rows.length ? Object.keys(rows[0].commands) : [];
    fill('rls', el('p', {}, badge(holes ? count(holes, 'hole') : 'isolated', holes ? 'bad' : 'good'), facts.rls.proof),
      ...facts.rls.findings.map(finding),
      ...roles.map((role) => [el('h3', {}, `As ${role}`), el('div', { class: 'scroll' }, el('table', { class: 'matrix' },
        el('thead', {}, el('tr', {}, el('th', {}, 'relation'), ...commands.map((command) => el('th', {}, command)))),
        el('tbody', {}, rows.filter((row) => row.role === role).map((row) => el('tr', {}, el('td', { class: 'mono' }, row.relation, ' ', row.exempt && badge('of nobody')),
          ...commands.map((command) => {
            const cell = row.commands[command];
            const [text, kind] = words[cell.applies] ?? [cell.applies, ''];
            const about = [cell.using && `USING ${cell.using}`, cell.check && `WITH CHECK ${cell.check}`, cell.why].filter(Boolean).join('\n');
            return el('td', { class: 'cell', title: about || text }, badge(text, row.tenant ? kind : ''));
          })))))) ]).flat());
  } else fill('rls', nothing('Whose rows are whose is not known: driftless.toml has no [tenant], or no scratch Postgres was asked.'));

  const plan = facts.pending;
  fill('plan', plan ? [
    ...plan.questions.map((question) => el('div', { class: 'card' }, badge('to be decided', 'warning'), el('div', {}, question))),
    ...plan.statements.map((one) => el('div', { class: 'card' }, one.lock && badge(one.lock, 'warning'), ...one.hazards.map((hazard) => el('div', {}, badge('hazard', 'bad'), hazard)), el('pre', {}, one.sql))),
  ] : nothing('Nothing is pending: the migrations hold what is declared.'));

  // Light and dark -----------------------------------------------------------------------------
  $('.theme').addEventListener('click', () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
    document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  });
  addEventListener('resize', () => { if (!$('#diagram').hidden) draw(); });
  const first = location.hash.slice(1);
  show(views.some(([one]) => one === first) ? first : 'diagram', false);
  document.documentElement.dataset.ready = 'true';
})();
