import { render } from 'preact';
import { StoreContext } from './context.ts';
import { connect } from './host.ts';
import './main.css';
import { Panel } from './panel.tsx';
import { createStore } from './store.ts';
import { registerControls } from './ui/register.ts';

registerControls();
const store = createStore(connect(), (run) => void requestAnimationFrame(run));
render(
  <StoreContext.Provider value={store}>
    <Panel />
  </StoreContext.Provider>,
  document.getElementById('root') ?? document.body,
);
