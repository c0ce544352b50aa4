'use strict';
// Tables: a click on a head sorts by it, a second click the other way; what is missing stays last.
for (const table of document.querySelectorAll('table.sortable')) {
  table.querySelectorAll('th').forEach((head, column) => {
    const sort = () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      table.querySelectorAll('th').forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const key = row => {
        const cell = row.cells[column];
        if (cell.dataset.order !== undefined) { const n = Number(cell.dataset.order); return Number.isNaN(n) ? null : n; }
        return cell.textContent === '–' ? null : cell.textContent;
      };
      const compare = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === null || y === null) return (x === null) - (y === null);
        const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en', {numeric: true});
        return down ? -order : order;
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(compare));
    };
    head.addEventListener('click', sort);
    head.addEventListener('keydown', event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); sort(); } });
  });
}

// The network: a stage colours it, an airway under the pointer or the finger shows its values.
const source = document.getElementById('network-data');
if (source) {
  const data = JSON.parse(source.textContent), tip = document.getElementById('network-values'), drawing = document.getElementById('figure-network');
  const pieces = data.piece.map((_, k) => drawing.querySelector(`[id$="-piece-${k}"]`));
  let stage = data.stages.length - 1, picked = -1;
  const buttons = [...document.querySelectorAll('#network-stages button')];
  const caption = drawing.querySelector('figcaption b');
  for (const button of buttons) button.addEventListener('click', () => {
    stage = Number(button.dataset.stage);
    buttons.forEach(b => b.setAttribute('aria-pressed', String(b === button)));
    data.stages[stage].shade.forEach((shade, k) => { pieces[k].querySelector('path').style.stroke = data.palette[shade]; });
    caption.textContent = `The network, wet bulb at the end of “${data.stages[stage].name}”.`;
  });
  const leave = () => {
    pieces.forEach(piece => piece.classList.remove('picked'));
    tip.hidden = true;
    picked = -1;
  };
  const show = (airway, event) => {
    if (airway !== picked) {
      leave();
      picked = airway;
      pieces.forEach((piece, k) => { if (data.piece[k] === airway) piece.classList.add('picked'); });
      tip.textContent = '';
      const name = document.createElement('b'), table = document.createElement('table');
      name.textContent = data.airways[airway];
      data.stages[stage].values[airway].forEach((value, k) => {
        if (value === null || value === 0 && k > 5) return;
        const row = table.insertRow();
        row.insertCell().textContent = data.heads[k][0];
        row.insertCell().textContent = `${value} ${data.heads[k][1]}`;
      });
      tip.append(name, table);
      tip.hidden = false;
    }
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.max(8, Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8))}px`;
  };
  pieces.forEach((piece, k) => piece.addEventListener('pointermove', event => show(data.piece[k], event)));
  drawing.addEventListener('pointerdown', event => { if (!event.target.closest('[id*="-piece-"]')) leave(); });
  drawing.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') leave(); });
  addEventListener('scroll', leave, {passive: true});
  addEventListener('keydown', event => { if (event.key === 'Escape') leave(); });
}

// On paper everything is open.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(d => { d.open = true; }));
