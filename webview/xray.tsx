import { render } from 'preact';
import type { XrayRequests, XraySnapshot } from '../src/shared/xray/view.ts';
import { connect } from './host.ts';
import { registerControls } from './ui/register.ts';
import { XrayPage } from './xray/xrayPage.tsx';

registerControls();
render(<XrayPage host={connect<XraySnapshot, XrayRequests>()} />, document.getElementById('root') ?? document.body);
