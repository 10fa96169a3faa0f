// The life of the page: waiting → ready or failed, and lost when the kernel is gone. Runs before anything is drawn.
(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const system = matchMedia("(prefers-color-scheme: dark)");

  // Panels follow body[data-jp-theme-light], as in JupyterLab. What the viewer chooses with a button, they write into
  // body[data-f1nb-theme]; until then the address decides, then the system.
  const applyTheme = () => {
    const wanted = document.body.dataset.f1nbTheme ?? query.get("theme");
    const dark = wanted === "dark" || (wanted !== "light" && system.matches);
    root.dataset.theme = dark ? "dark" : "light";
    document.body.dataset.jpThemeLight = String(!dark);
    document.body.dataset.jpThemeName = dark ? "JupyterLab Dark" : "JupyterLab Light";
  };
  applyTheme();
  system.addEventListener("change", applyTheme);
  new MutationObserver(applyTheme).observe(document.body, { attributeFilter: ["data-f1nb-theme"] });

  const byId = (id) => document.getElementById(id);
  const say = (text) => { byId("progress").textContent = text; };
  const setState = (state) => { document.body.dataset.state = state; };
  const asked = ["year", "event", "session"].map((name) => query.get(name)).filter(Boolean).join(" ");

  window.page = {
    waiting() {
      if (asked) {
        document.title = `${asked} · f1nb`;
        byId("asked").textContent = asked;
      }
      for (const link of document.querySelectorAll("a[data-reload]")) link.href = location.href;
    },
    started(kernelId) {
      document.body.dataset.kernelId = kernelId;   // where Voilà's scripts look for it
      say("Loading the session…");
      addEventListener("pagehide", () => {
        if (window.jupyterapp) return;   // from here on Voilà's own script does this
        const body = new FormData();
        body.append("_xsrf", document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "");
        navigator.sendBeacon(`${document.body.dataset.baseUrl}voila/api/shutdown/${kernelId}`, body);
      });
    },
    failed() {
      setState("failed");
      byId("failed").hidden = false;
    },
    finished() {
      if (document.body.dataset.state === "failed") return;
      say("Drawing…");
      const dashboard = byId("dashboard");
      // until a widget's model has come there is only a line of text in its place
      const drawn = () => [...dashboard.querySelectorAll(".jp-OutputArea-output > *")].some((part) => part.offsetHeight > 0);
      const observer = new ResizeObserver(() => {
        if (!drawn()) return;
        observer.disconnect();
        setState("ready");
      });
      observer.observe(dashboard);
      watchKernel();
    },
  };
  window.voila_heartbeat = () => {};   // Voilà sends calls to it while a cell takes long

  async function watchKernel() {
    while (!window.jupyterapp) await new Promise((resolve) => setTimeout(resolve, 100));
    const { kernel } = await window.jupyterapp.widgetManagerPromise.promise;
    let timer = 0;
    const check = () => {
      clearTimeout(timer);
      const gone = kernel.connectionStatus !== "connected" || ["dead", "restarting", "autorestarting"].includes(kernel.status);
      if (gone) timer = setTimeout(() => { byId("lost").hidden = false; }, 3000);   // a short gap mends itself
      else byId("lost").hidden = true;
    };
    kernel.connectionStatusChanged.connect(check);
    kernel.statusChanged.connect(check);
  }
})();
