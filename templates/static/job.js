// Renews the card `job` of a page that waits for the worker every two seconds, and nothing else: whoever reads or listens
// stays where they are. Without scripts the page itself is loaded again.
const renew = async () => {
  const card = document.getElementById("job");
  if (!card.hasAttribute("data-open")) return;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) throw answer.status;
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("job");
    if (!fresh) location.reload(); // signed out meanwhile
    else if (fresh.innerHTML !== card.innerHTML) card.replaceWith(fresh);
  } catch {
    // The server is away for a moment: the next look finds it again.
  }
  setTimeout(renew, 2000);
};
setTimeout(renew, 2000);
