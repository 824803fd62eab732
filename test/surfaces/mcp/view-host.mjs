/** A host of MCP Apps as the official SDK makes one: shows the view in a frame, and hands its calls to whoever tests. */
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

const VIEW = 'http://view.test/';

/** `capabilities` as the host announces them; `window.callTool` and `window.hear` are the test's. */
window.openView = async (capabilities, hostContext) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.style.cssText = 'border:0;width:700px;height:900px';
  frame.src = VIEW;
  document.body.replaceChildren(frame);
  const bridge = new AppBridge(null, { name: 'test-host', version: '1' }, capabilities, { hostContext });
  bridge.oncalltool = (params) => window.callTool(params);
  bridge.onmessage = async (params) => {
    await window.hear('message', params);
    return {};
  };
  bridge.onupdatemodelcontext = async (params) => {
    await window.hear('context', params);
    return {};
  };
  bridge.addEventListener('sizechange', (params) => window.hear('size', params));
  const opened = new Promise((resolve) => bridge.addEventListener('initialized', resolve));
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  await opened;
  window.bridge = bridge;
};
