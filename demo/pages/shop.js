// A page opens the chat itself where that fits; this may run before the chat's own script is there.
(window.stoa ||= []).push((chat) => {
  document.querySelector('#ask').addEventListener('click', () => chat.open());
});
