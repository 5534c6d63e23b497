/* Charts of the dashboard: each is drawn from the data table beside it, so that the two can never differ.
   <figure data-chart="columns|bars" data-of="table-id"> ; a column head carries data-series="bar|line|stack",
   optionally data-axis="right", data-colour="1..6" and data-target; cells carry data-value where the text is not a number.
   Colours are read from the tokens of app.css, so dark and contrast follow. */
(() => {
  const drawn = [];
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = cell => {
    const text = cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.replace(/[,%\s]/g, '');
    return text === '' || text === '—' || Number.isNaN(Number(text)) ? null : Number(text);
  };
  const read = table => {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies].flatMap(body => [...body.rows]).filter(row => !row.hasAttribute('data-skip'));
    return {
      names: rows.map(row => row.cells[0].textContent.trim()),
      links: rows.map(row => { const link = row.cells[0].querySelector('a'); return link && link.href }),
      series: heads.map((head, at) => ({ head, at })).filter(({ head }) => head.dataset.series).map(({ head, at }) => ({
        name: head.textContent.trim(), kind: head.dataset.series, right: head.dataset.axis === 'right', colour: head.dataset.colour,
        values: rows.map(row => number(row.cells[at])),
      })),
    };
  };
  const options = (shape, data) => {
    const text = token('--text-2'), grid = token('--chart-grid');
    const axis = { axisLine: { lineStyle: { color: grid } }, axisTick: { show: false }, axisLabel: { color: text, fontSize: 12 }, splitLine: { lineStyle: { color: grid } } };
    const names = { type: 'category', data: data.names, ...axis, splitLine: { show: false } };
    const amounts = { type: 'value', ...axis };
    const lying = shape === 'bars', right = data.series.some(each => each.right);
    return {
      animation: false, aria: { enabled: true }, textStyle: { fontFamily: token('--font-sans'), fontSize: 12, color: text },
      grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 9, textStyle: { color: text } },
      tooltip: { trigger: 'axis', confine: true },
      xAxis: lying ? { ...amounts, minInterval: 1 } : names,
      yAxis: lying ? { ...names, inverse: true } : right ? [{ ...amounts, minInterval: 1 }, { ...amounts, scale: true, splitLine: { show: false } }] : { ...amounts, minInterval: 1 },
      series: data.series.map((each, at) => {
        const colour = token(`--chart-${each.colour || at + 1}`), line = each.kind === 'line';
        return {
          name: each.name, type: line ? 'line' : 'bar', data: each.values, yAxisIndex: each.right && !lying ? 1 : 0, stack: each.kind === 'stack' ? 'all' : undefined,
          itemStyle: { color: colour }, lineStyle: line ? { width: 2.5, color: colour } : undefined, symbolSize: 6, barMaxWidth: lying ? 14 : 36, connectNulls: false,
        };
      }),
    };
  };
  const draw = () => document.querySelectorAll('[data-chart]').forEach(place => {
    const table = document.getElementById(place.dataset.of);
    if (!table || !window.echarts) return;
    let chart = echarts.getInstanceByDom(place);
    const data = read(table);
    if (!chart) {
      /* canvas: the SVG renderer writes style attributes, which our content policy refuses */
      chart = echarts.init(place, null, { renderer: 'canvas' });
      chart.on('click', point => { const link = read(table).links[point.dataIndex]; if (link) location.href = link });
      drawn.push(chart);
    }
    chart.setOption(options(place.dataset.chart, data), true);
  });
  draw();
  addEventListener('resize', () => drawn.forEach(chart => chart.resize()));
  addEventListener('themechange', draw);
  document.addEventListener('htmx:load', draw);
})();
