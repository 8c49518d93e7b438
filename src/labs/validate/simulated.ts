import type { LabFolder } from '../../catalog/catalog.ts';
import { compare } from '../compare.ts';
import { realScenario, simulateLab, sliderValues } from '../simulateLab.ts';
import { lazyTraces } from '../parts.ts';
import { onPrivateLink } from '../../runtime/privateLink.ts';
import type { Machine } from '../../shared/report.ts';
import { finding, type Finding } from './finding.ts';

/** A Linux with default settings, so that what is checked does not depend on where it is checked. */
const STOCK: Machine = { platform: 'linux', release: '6.18', cores: 2, node: '', jiffyMs: 4, kernel: { tcp_syn_linear_timeouts: 4 } };

/** The simulated half of a lab holds: sliders and presets make scenarios, and each comparison tells its wrong model apart. */
export function simulatedFindings({ lab }: LabFolder): Finding[] {
  const findings = lab.presets.map((preset) => finding(lab.id, `preset ${preset.id}`, () => (simulateLab(lab, preset.values).trace.timeNs.length ? null : 'nothing happens in it')));
  for (const slider of lab.sliders) {
    for (const value of [slider.minimum, slider.default, slider.maximum]) {
      findings.push(finding(lab.id, `slider ${slider.id} at ${value}`, () => (simulateLab(lab, { [slider.id]: value }), null)));
    }
  }
  const rows = (): ReturnType<typeof compare> => {
    const machine = lab.privateLink ? onPrivateLink(STOCK, lab.privateLink) : STOCK;
    const scenario = realScenario(lab, sliderValues(lab, {}), machine);
    const traceOf = lazyTraces(scenario);
    const parts = Object.fromEntries(Object.keys(lab.parts ?? {}).map((part) => [part, traceOf(part)]));
    return compare(lab, scenario, traceOf(), { trace: traceOf(), parts, heldUpMs: 0 }, machine);
  };
  for (const quantity of lab.quantities) {
    findings.push(
      finding(lab.id, `quantity ${quantity.id}`, () => {
        const row = rows().find((candidate) => candidate.quantity === quantity.id);
        if (row?.predicted === null) return 'the simulation gives no value for it';
        return row?.wrongModel && !row.wrongModel.exposed ? `its wrong model predicts the same: ${row.wrongModel.predicted ?? 'nothing'}` : null;
      }),
    );
  }
  return findings;
}
