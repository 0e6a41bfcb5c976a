// Before anything is painted, so that nobody is blinded for a moment: the theme that somebody chose on this device.
document.documentElement.dataset.theme = localStorage.getItem("wallet.theme") || "system";
