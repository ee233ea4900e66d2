// What every chart has around it: a title that states the finding, a subtitle with measure and unit, a
// table of the same figures, and downloads as CSV, SVG and PNG.
import { useId, useRef, useState, type ReactNode } from "react";

export interface ChartTable {
  columns: string[];
  rows: (string | number)[][];
}

const csvCell = (value: string | number): string => {
  let text = String(value);
  // A spreadsheet must not read a label as a formula.
  if (/^[=+\-@\t]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

function save(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A table as a file, with the notice that synthetic data carries everywhere. */
export function saveCsv(name: string, synthetic: boolean, table: ChartTable): void {
  const note = synthetic ? "# Synthetic data: not real people or performance\n" : "";
  save(`${name}.csv`, "text/csv", `${note}${[table.columns, ...table.rows].map((row) => row.map(csvCell).join(",")).join("\n")}\n`);
}

/** The drawing with the colours and fonts it has on the page, so that it stands alone in a file. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const to = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity"])
      to[i]?.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const box = svg.viewBox.baseVal;
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  return new XMLSerializer().serializeToString(copy);
}

function savePng(svg: SVGSVGElement, name: string): void {
  const image = new Image();
  const box = svg.viewBox.baseVal;
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = box.width * 2;
    canvas.height = box.height * 2;
    const pen = canvas.getContext("2d");
    if (pen === null) return;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob !== null && save(`${name}.png`, "image/png", blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
}

export function Chart({ title, subtitle, table, name, synthetic, children }: {
  title: string;
  subtitle: string;
  table: ChartTable;
  name: string;
  synthetic: boolean;
  children: ReactNode;
}) {
  const [asTable, setAsTable] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const heading = useId();
  const drawing = () => body.current?.querySelector<SVGSVGElement>("svg") ?? null;
  const csv = () => saveCsv(name, synthetic, table);
  return (
    <figure className="ct-chart" aria-labelledby={heading}>
      <figcaption id={heading}>
        <strong className="ct-chart__title">{title}</strong>
        <span className="ct-chart__subtitle">{subtitle}</span>
      </figcaption>
      <div ref={body}>{asTable ? <DataTable caption={title} table={table} /> : children}</div>
      <p className="ct-chart__tools">
        <button type="button" className="ct-plain" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{asTable ? "Show the chart" : "Show as a table"}</button>
        <button type="button" className="ct-plain" onClick={csv} aria-label={`Download ${title} as CSV`}>CSV</button>
        {!asTable && (
          <>
            <button type="button" className="ct-plain" aria-label={`Download ${title} as SVG`} onClick={() => { const svg = drawing(); if (svg) save(`${name}.svg`, "image/svg+xml", standalone(svg)); }}>SVG</button>
            <button type="button" className="ct-plain" aria-label={`Download ${title} as PNG`} onClick={() => { const svg = drawing(); if (svg) savePng(svg, name); }}>PNG</button>
          </>
        )}
      </p>
    </figure>
  );
}

export function DataTable({ caption, table, numeric = true }: { caption: string; table: ChartTable; numeric?: boolean }) {
  return (
    <div className="ct-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="nhsuk-table">
        <caption className="nhsuk-u-visually-hidden">{caption}</caption>
        <thead className="nhsuk-table__head">
          <tr>{table.columns.map((column) => <th scope="col" key={column}>{column}</th>)}</tr>
        </thead>
        <tbody className="nhsuk-table__body">
          {table.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => j === 0 ? <th scope="row" key={j}>{cell}</th> : <td key={j} className={numeric ? "ct-number" : ""}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
