// Draws every <figure data-chart> from the table inside it (Chart.razor): figures are in the page once, and the table
// stays for those who read it. Canvas, not SVG: the SVG renderer sets style attributes, which our content security policy forbids.
'use strict';
(() => {
  const echartsPath = document.currentScript.dataset.echarts;
  const root = getComputedStyle(document.documentElement);
  const token = name => root.getPropertyValue(name).trim();
  const language = document.documentElement.lang;
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  const symbols = ['circle', 'rect', 'triangle', 'diamond'];
  const rowHeight = 30;
  const narrow = 520;

  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const axisText = {
    money: chart => value => compact.format(value / 10 ** chart.decimals),
    count: () => compact.format,
    rate: () => value => `${compact.format(value / 100)}%`,
  };

  function read(figure) {
    const [heads, ...rows] = [...figure.querySelectorAll('table tr')].map(row => [...row.cells]);
    return {
      kind: figure.dataset.chart,
      unit: figure.dataset.unit,
      decimals: Number(figure.dataset.decimals),
      categories: rows.map(row => row[0].textContent.trim()),
      series: heads.slice(1).map((head, i) => ({
        name: head.textContent.trim(),
        cells: rows.map(row => {
          const data = row[i + 1].querySelector('data');
          return data && { value: Number(data.value), text: data.textContent };
        }),
      })),
    };
  }

  // Elements, since a string of HTML would need style attributes. The words are those of the table.
  function tip(chart, index) {
    const list = document.createElement('dl');
    list.className = 'chart-tip';
    const heading = document.createElement('div');
    heading.className = 'chart-tip-title';
    heading.textContent = chart.categories[index];
    chart.series.forEach((series, i) => {
      if (!series.cells[index]) return;
      const name = document.createElement('dt');
      const mark = document.createElement('i');
      mark.style.backgroundColor = colour(i);
      name.append(mark, series.name);
      const figure = document.createElement('dd');
      figure.textContent = series.cells[index].text;
      list.append(name, figure);
    });
    const box = document.createElement('div');
    box.append(heading, list);
    return box;
  }

  const colour = i => token(`--chart-${(i % 6) + 1}`);

  function seriesOption(chart, series, i) {
    const line = chart.kind === 'line';
    const stacked = chart.kind === 'stacked';
    return {
      name: series.name,
      type: line ? 'line' : 'bar',
      stack: stacked ? 'whole' : undefined,
      data: series.cells.map(cell => (cell ? cell.value : null)),
      symbol: symbols[i % symbols.length],
      symbolSize: 7,
      showSymbol: chart.categories.length <= 24,
      lineStyle: { width: 2.5 },
      barMaxWidth: chart.kind === 'ranking' ? 16 : 36,
      itemStyle: line ? {} : { borderRadius: stacked ? 0 : chart.kind === 'ranking' ? [0, 3, 3, 0] : [3, 3, 0, 0], borderColor: '#fff', borderWidth: stacked ? 1 : 0 },
      emphasis: { focus: 'none' },
    };
  }

  function option(chart, width) {
    const words = { color: token('--chart-words'), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    const lying = chart.kind === 'ranking';
    const many = chart.series.length > 1;
    const names = {
      type: 'category', data: chart.categories, inverse: lying, axisTick: { show: false },
      axisLine: { lineStyle: { color: token('--chart-axis') } },
      axisLabel: { ...words, hideOverlap: !lying, width: lying ? Math.min(160, width * 0.34) : undefined, overflow: lying ? 'truncate' : undefined },
    };
    const figures = {
      type: 'value', splitNumber: width < narrow ? 3 : 5, axisLabel: { ...words, formatter: axisText[chart.unit](chart), hideOverlap: true },
      splitLine: { lineStyle: { color: token('--chart-grid') } },
    };
    return {
      animation: !stillness.matches,
      animationDuration: 250,
      color: chart.series.map((_, i) => colour(i)),
      textStyle: words,
      legend: many ? { top: 0, left: 0, type: 'scroll', icon: chart.kind === 'line' ? undefined : 'roundRect', itemWidth: 14, itemHeight: 10, textStyle: words } : { show: false },
      grid: { top: many ? 40 : 12, left: 4, right: lying ? 24 : 12, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis', confine: true, axisPointer: { type: chart.kind === 'line' ? 'line' : 'shadow' },
        transitionDuration: 0, formatter: hits => tip(chart, hits[0].dataIndex),
      },
      xAxis: lying ? figures : names,
      yAxis: lying ? names : figures,
      series: chart.series.map((series, i) => seriesOption(chart, series, i)),
    };
  }

  function draw(figure) {
    const drawing = figure.querySelector('.chart-drawing');
    const chart = read(figure);
    if (chart.categories.length === 0) return;
    if (chart.kind === 'ranking')
      drawing.style.height = `${(chart.categories.length * chart.series.length * rowHeight) + 60}px`;
    figure.classList.add('drawn');
    figure.querySelector('details').open = false;

    // At least twice as fine as the screen's points, so that zooming in and printing stay sharp.
    const fineness = () => Math.max(2, devicePixelRatio);
    const canvas = echarts.init(drawing, null, { renderer: 'canvas', devicePixelRatio: fineness() });
    canvas.setOption(option(chart, drawing.clientWidth));
    new ResizeObserver(() => {
      if (canvas.isDisposed() || drawing.clientWidth === 0) return;
      canvas.resize({ devicePixelRatio: fineness() });
      canvas.setOption(option(chart, drawing.clientWidth));
    }).observe(drawing);
  }

  let loading;
  const library = () => (loading ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = echartsPath;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  }));

  // A page without charts does not fetch the library. If it cannot be had, the tables are there.
  async function drawAll() {
    const figures = [...document.querySelectorAll('figure[data-chart]:not(.drawn)')];
    if (figures.length === 0) return;
    await library();
    figures.filter(figure => figure.isConnected && !figure.classList.contains('drawn')).forEach(draw);
  }

  document.addEventListener('htmx:beforeSwap', () => {
    document.querySelectorAll('.chart.drawn > .chart-drawing').forEach(drawing => echarts.getInstanceByDom(drawing)?.dispose());
  });
  document.addEventListener('htmx:afterSettle', drawAll);
  drawAll();
})();
