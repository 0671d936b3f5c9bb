// Makes the parts of a page that scroll reachable by the keyboard, also those that the theme adds.
const mark = () => {
  for (const part of document.querySelectorAll('.md-typeset__scrollwrap, .md-typeset pre > code'))
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
};
new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
addEventListener('load', mark);
