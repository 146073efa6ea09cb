// Made by `worker-chains templates` of digest: change that, and run it again.
/* eslint-disable */
// @ts-nocheck
import type { CompiledMail } from 'worker-chains';

/** What the templates use. */
export interface Variables {
  readonly name: string | number | null;
  readonly unsubscribeUrl: string;
  readonly week: {
    readonly dates: string | number;
    readonly highlights: readonly {
      readonly title: string | number;
      readonly views: string | number;
    }[];
    readonly messages: string | number;
    readonly newFollowers: string | number;
    readonly visits: string | number;
  };
}

const mail: CompiledMail<Variables> = {
  format: 1,
  name: "digest",
  language: "en",
  languages: {
    "ar": {
      subject: {compiler:[8,">= 4.3.0"],main:function(e,l,a,s,o){var t,n=e.lookupProperty||function(r,u){if(Object.prototype.hasOwnProperty.call(r,u))return r[u]};return"أسبوعك: "+((t=n(a,"$text").call(l??(e.nullContext||{}),(t=l!=null?n(l,"week"):l)!=null?n(t,"dates"):t,"week.dates","ar/words.json:5",{name:"$text",hash:{},data:o}))!=null?t:"")},useData:!0},
      html: {0:function(i,l,e,u,a){var n,o=i.lookupProperty||function(t,r){if(Object.prototype.hasOwnProperty.call(t,r))return t[r]};return"مرحبًا "+((n=o(e,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","ar/words.json:6",{name:"$html",hash:{},data:a}))!=null?n:"")+"،"},1:function(i,l,e,u,a){return"مرحبًا،"},2:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=t(e,"each").call(o,t(e,"$list").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:i.program(6,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</table>
`},6:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:right"><bdi>`+((n=t(e,"$html").call(o,l!=null?t(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:a}))!=null?n:"")+`</bdi></td>
<td align="left" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">المشاهدات: `+((n=t(e,"$html").call(o,l!=null?t(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:a}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,e,u,a){return`<p style="margin:0;font-size:16px;line-height:24px">أسبوع هادئ: لا جديد هذه المرة.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<!doctype html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>أسبوعك: `+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ar/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">زيارات الملف الشخصي: `+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · متابعون جدد: "+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · الرسائل: "+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="rtl" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:right">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">أسبوعك: `+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ar/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:right">`+((n=t(e,"if").call(o,t(e,"$known").call(o,l!=null?t(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(0,a,0),inverse:i.program(1,a,0),data:a}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">إليك ما حدث من حولك هذا الأسبوع.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:a}),label:"زيارات الملف الشخصي"},data:a}),{name:"with",hash:{},fn:i.program(2,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:a}),label:"متابعون جدد"},data:a}),{name:"with",hash:{},fn:i.program(3,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:a}),label:"الرسائل"},data:a}),{name:"with",hash:{},fn:i.program(4,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">أبرز أحداث أسبوعك</h2>
`+((n=t(e,"if").call(o,t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(5,a,0),inverse:i.program(7,a,0),data:a}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
تصلك هذه الرسالة لأنك مشترك في الملخص الأسبوعي.<br>
<a href="`+((n=t(e,"$url").call(o,l!=null?t(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:a}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">إلغاء الاشتراك</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(s,l,e,i,a){var n,u=s.lookupProperty||function(t,r){if(Object.prototype.hasOwnProperty.call(t,r))return t[r]};return"مرحبًا "+((n=u(e,"$text").call(l??(s.nullContext||{}),l!=null?u(l,"name"):l,"name","ar/words.json:6",{name:"$text",hash:{},data:a}))!=null?n:"")+"،"},1:function(s,l,e,i,a){return"مرحبًا،"},2:function(s,l,e,i,a){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(r,o){if(Object.prototype.hasOwnProperty.call(r,o))return r[o]};return"- "+((n=t(e,"$text").call(u,l!=null?t(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?n:"")+" (المشاهدات: "+((n=t(e,"$text").call(u,l!=null?t(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?n:"")+`)
`},3:function(s,l,e,i,a){return`أسبوع هادئ: لا جديد هذه المرة.
`},compiler:[8,">= 4.3.0"],main:function(s,l,e,i,a){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(r,o){if(Object.prototype.hasOwnProperty.call(r,o))return r[o]};return"أسبوعك: "+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ar/words.json:5",{name:"$text",hash:{},data:a}))!=null?n:"")+`

`+((n=t(e,"if").call(u,t(e,"$known").call(u,l!=null?t(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:s.program(0,a,0),inverse:s.program(1,a,0),data:a}))!=null?n:"")+`
إليك ما حدث من حولك هذا الأسبوع.

زيارات الملف الشخصي: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:a}))!=null?n:"")+`
متابعون جدد: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:a}))!=null?n:"")+`
الرسائل: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:a}))!=null?n:"")+`

أبرز أحداث أسبوعك
`+((n=t(e,"each").call(u,t(e,"$list").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:s.program(2,a,0),inverse:s.program(3,a,0),data:a}))!=null?n:"")+`
--
تصلك هذه الرسالة لأنك مشترك في الملخص الأسبوعي.
إلغاء الاشتراك: `+((n=t(e,"$text").call(u,l!=null?t(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:a}))!=null?n:"")+`
`},useData:!0},
    },
    "de": {
      subject: {compiler:[8,">= 4.3.0"],main:function(n,e,o,s,a){var l,t=n.lookupProperty||function(r,u){if(Object.prototype.hasOwnProperty.call(r,u))return r[u]};return"Ihre Woche: "+((l=t(o,"$text").call(e??(n.nullContext||{}),(l=e!=null?t(e,"week"):e)!=null?t(l,"dates"):l,"week.dates","de/words.json:5",{name:"$text",hash:{},data:a}))!=null?l:"")},useData:!0},
      html: {0:function(i,l,a,u,t){var n,o=i.lookupProperty||function(e,r){if(Object.prototype.hasOwnProperty.call(e,r))return e[r]};return"Hallo "+((n=o(a,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","de/words.json:6",{name:"$html",hash:{},data:t}))!=null?n:"")+","},1:function(i,l,a,u,t){return"Hallo,"},2:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(a,"each").call(o,e(a,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:t}),{name:"each",hash:{},fn:i.program(6,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</table>
`},6:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(a,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:t}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Aufrufe: `+((n=e(a,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:t}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,a,u,t){return`<p style="margin:0;font-size:16px;line-height:24px">Eine ruhige Woche: diesmal gibt es nichts Neues.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<!doctype html>
<html lang="de" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Ihre Woche: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","de/words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Profilbesuche: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · Neue Follower: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · Nachrichten: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Ihre Woche: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","de/words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(a,"if").call(o,e(a,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(0,t,0),inverse:i.program(1,t,0),data:t}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">das ist diese Woche bei Ihnen passiert.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:t}),label:"Profilbesuche"},data:t}),{name:"with",hash:{},fn:i.program(2,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:t}),label:"Neue Follower"},data:t}),{name:"with",hash:{},fn:i.program(3,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:t}),label:"Nachrichten"},data:t}),{name:"with",hash:{},fn:i.program(4,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Höhepunkte Ihrer Woche</h2>
`+((n=e(a,"if").call(o,e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(5,t,0),inverse:i.program(7,t,0),data:t}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
Sie erhalten diese E-Mail, weil Sie den Wochenrückblick abonniert haben.<br>
<a href="`+((n=e(a,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:t}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Abmelden</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(s,l,a,o,t){var n,u=s.lookupProperty||function(e,r){if(Object.prototype.hasOwnProperty.call(e,r))return e[r]};return"Hallo "+((n=u(a,"$text").call(l??(s.nullContext||{}),l!=null?u(l,"name"):l,"name","de/words.json:6",{name:"$text",hash:{},data:t}))!=null?n:"")+","},1:function(s,l,a,o,t){return"Hallo,"},2:function(s,l,a,o,t){var n,u=l??(s.nullContext||{}),e=s.lookupProperty||function(r,i){if(Object.prototype.hasOwnProperty.call(r,i))return r[i]};return"- "+((n=e(a,"$text").call(u,l!=null?e(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:t}))!=null?n:"")+" (Aufrufe: "+((n=e(a,"$text").call(u,l!=null?e(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:t}))!=null?n:"")+`)
`},3:function(s,l,a,o,t){return`Eine ruhige Woche: diesmal gibt es nichts Neues.
`},compiler:[8,">= 4.3.0"],main:function(s,l,a,o,t){var n,u=l??(s.nullContext||{}),e=s.lookupProperty||function(r,i){if(Object.prototype.hasOwnProperty.call(r,i))return r[i]};return"Ihre Woche: "+((n=e(a,"$text").call(u,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","de/words.json:5",{name:"$text",hash:{},data:t}))!=null?n:"")+`

`+((n=e(a,"if").call(u,e(a,"$known").call(u,l!=null?e(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:s.program(0,t,0),inverse:s.program(1,t,0),data:t}))!=null?n:"")+`
das ist diese Woche bei Ihnen passiert.

Profilbesuche: `+((n=e(a,"$text").call(u,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:t}))!=null?n:"")+`
Neue Follower: `+((n=e(a,"$text").call(u,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:t}))!=null?n:"")+`
Nachrichten: `+((n=e(a,"$text").call(u,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:t}))!=null?n:"")+`

Höhepunkte Ihrer Woche
`+((n=e(a,"each").call(u,e(a,"$list").call(u,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:t}),{name:"each",hash:{},fn:s.program(2,t,0),inverse:s.program(3,t,0),data:t}))!=null?n:"")+`
--
Sie erhalten diese E-Mail, weil Sie den Wochenrückblick abonniert haben.
Abmelden: `+((n=e(a,"$text").call(u,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:t}))!=null?n:"")+`
`},useData:!0},
    },
    "en": {
      subject: {compiler:[8,">= 4.3.0"],main:function(n,l,o,s,a){var e,t=n.lookupProperty||function(u,r){if(Object.prototype.hasOwnProperty.call(u,r))return u[r]};return"Your week: "+((e=t(o,"$text").call(l??(n.nullContext||{}),(e=l!=null?t(l,"week"):l)!=null?t(e,"dates"):e,"week.dates","words.json:5",{name:"$text",hash:{},data:a}))!=null?e:"")},useData:!0},
      html: {0:function(i,l,a,u,t){var n,o=i.lookupProperty||function(e,s){if(Object.prototype.hasOwnProperty.call(e,s))return e[s]};return"Hello "+((n=o(a,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","words.json:6",{name:"$html",hash:{},data:t}))!=null?n:"")+","},1:function(i,l,a,u,t){return"Hello,"},2:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(a,"each").call(o,e(a,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:t}),{name:"each",hash:{},fn:i.program(6,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</table>
`},6:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(a,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:t}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Views: `+((n=e(a,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:t}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,a,u,t){return`<p style="margin:0;font-size:16px;line-height:24px">A quiet week: nothing new this time.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Your week: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Profile visits: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · New followers: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · Messages: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Your week: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(a,"if").call(o,e(a,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(0,t,0),inverse:i.program(1,t,0),data:t}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">Here is what happened around you this week.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:t}),label:"Profile visits"},data:t}),{name:"with",hash:{},fn:i.program(2,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:t}),label:"New followers"},data:t}),{name:"with",hash:{},fn:i.program(3,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:t}),label:"Messages"},data:t}),{name:"with",hash:{},fn:i.program(4,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Highlights of your week</h2>
`+((n=e(a,"if").call(o,e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(5,t,0),inverse:i.program(7,t,0),data:t}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
You receive this mail because you subscribed to the weekly digest.<br>
<a href="`+((n=e(a,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:t}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Unsubscribe</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(u,l,s,r,t){var n,a=u.lookupProperty||function(e,i){if(Object.prototype.hasOwnProperty.call(e,i))return e[i]};return"Hello "+((n=a(s,"$text").call(l??(u.nullContext||{}),l!=null?a(l,"name"):l,"name","words.json:6",{name:"$text",hash:{},data:t}))!=null?n:"")+","},1:function(u,l,s,r,t){return"Hello,"},2:function(u,l,s,r,t){var n,a=l??(u.nullContext||{}),e=u.lookupProperty||function(i,o){if(Object.prototype.hasOwnProperty.call(i,o))return i[o]};return"- "+((n=e(s,"$text").call(a,l!=null?e(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:t}))!=null?n:"")+" (Views: "+((n=e(s,"$text").call(a,l!=null?e(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:t}))!=null?n:"")+`)
`},3:function(u,l,s,r,t){return`A quiet week: nothing new this time.
`},compiler:[8,">= 4.3.0"],main:function(u,l,s,r,t){var n,a=l??(u.nullContext||{}),e=u.lookupProperty||function(i,o){if(Object.prototype.hasOwnProperty.call(i,o))return i[o]};return"Your week: "+((n=e(s,"$text").call(a,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","words.json:5",{name:"$text",hash:{},data:t}))!=null?n:"")+`

`+((n=e(s,"if").call(a,e(s,"$known").call(a,l!=null?e(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:u.program(0,t,0),inverse:u.program(1,t,0),data:t}))!=null?n:"")+`
Here is what happened around you this week.

Profile visits: `+((n=e(s,"$text").call(a,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:t}))!=null?n:"")+`
New followers: `+((n=e(s,"$text").call(a,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:t}))!=null?n:"")+`
Messages: `+((n=e(s,"$text").call(a,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:t}))!=null?n:"")+`

Highlights of your week
`+((n=e(s,"each").call(a,e(s,"$list").call(a,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:t}),{name:"each",hash:{},fn:u.program(2,t,0),inverse:u.program(3,t,0),data:t}))!=null?n:"")+`
--
You receive this mail because you subscribed to the weekly digest.
Unsubscribe: `+((n=e(s,"$text").call(a,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:t}))!=null?n:"")+`
`},useData:!0},
    },
    "es": {
      subject: {compiler:[8,">= 4.3.0"],main:function(t,l,r,s,o){var e,n=t.lookupProperty||function(u,a){if(Object.prototype.hasOwnProperty.call(u,a))return u[a]};return"Tu semana: "+((e=n(r,"$text").call(l??(t.nullContext||{}),(e=l!=null?n(l,"week"):l)!=null?n(e,"dates"):e,"week.dates","es/words.json:5",{name:"$text",hash:{},data:o}))!=null?e:"")},useData:!0},
      html: {0:function(s,l,t,u,a){var n,o=s.lookupProperty||function(e,i){if(Object.prototype.hasOwnProperty.call(e,i))return e[i]};return"Hola, "+((n=o(t,"$html").call(l??(s.nullContext||{}),l!=null?o(l,"name"):l,"name","es/words.json:6",{name:"$html",hash:{},data:a}))!=null?n:"")+":"},1:function(s,l,t,u,a){return"Hola:"},2:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},3:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},4:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},5:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(t,"each").call(o,e(t,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:s.program(6,a,0),inverse:s.noop,data:a}))!=null?n:"")+`</table>
`},6:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(t,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:a}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Visualizaciones: `+((n=e(t,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:a}))!=null?n:"")+`</td>
</tr>
`},7:function(s,l,t,u,a){return`<p style="margin:0;font-size:16px;line-height:24px">Una semana tranquila: esta vez no hay novedades.</p>
`},compiler:[8,">= 4.3.0"],main:function(s,l,t,u,a){var n,o=l??(s.nullContext||{}),e=s.lookupProperty||function(i,r){if(Object.prototype.hasOwnProperty.call(i,r))return i[r]};return`<!doctype html>
<html lang="es" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Tu semana: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","es/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Visitas al perfil: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Nuevos seguidores: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Mensajes: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Tu semana: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","es/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(t,"if").call(o,e(t,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:s.program(0,a,0),inverse:s.program(1,a,0),data:a}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">Esto es lo que ha pasado a tu alrededor esta semana.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:a}),label:"Visitas al perfil"},data:a}),{name:"with",hash:{},fn:s.program(2,a,0),inverse:s.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:a}),label:"Nuevos seguidores"},data:a}),{name:"with",hash:{},fn:s.program(3,a,0),inverse:s.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:a}),label:"Mensajes"},data:a}),{name:"with",hash:{},fn:s.program(4,a,0),inverse:s.noop,data:a}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Lo más destacado de tu semana</h2>
`+((n=e(t,"if").call(o,e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:s.program(5,a,0),inverse:s.program(7,a,0),data:a}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
Recibes este correo porque te suscribiste al resumen semanal.<br>
<a href="`+((n=e(t,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:a}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Darse de baja</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(u,l,s,i,e){var n,t=u.lookupProperty||function(a,o){if(Object.prototype.hasOwnProperty.call(a,o))return a[o]};return"Hola, "+((n=t(s,"$text").call(l??(u.nullContext||{}),l!=null?t(l,"name"):l,"name","es/words.json:6",{name:"$text",hash:{},data:e}))!=null?n:"")+":"},1:function(u,l,s,i,e){return"Hola:"},2:function(u,l,s,i,e){var n,t=l??(u.nullContext||{}),a=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"- "+((n=a(s,"$text").call(t,l!=null?a(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+" (Visualizaciones: "+((n=a(s,"$text").call(t,l!=null?a(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+`)
`},3:function(u,l,s,i,e){return`Una semana tranquila: esta vez no hay novedades.
`},compiler:[8,">= 4.3.0"],main:function(u,l,s,i,e){var n,t=l??(u.nullContext||{}),a=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"Tu semana: "+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"dates"):n,"week.dates","es/words.json:5",{name:"$text",hash:{},data:e}))!=null?n:"")+`

`+((n=a(s,"if").call(t,a(s,"$known").call(t,l!=null?a(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:e}),{name:"if",hash:{},fn:u.program(0,e,0),inverse:u.program(1,e,0),data:e}))!=null?n:"")+`
Esto es lo que ha pasado a tu alrededor esta semana.

Visitas al perfil: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Nuevos seguidores: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Mensajes: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:e}))!=null?n:"")+`

Lo más destacado de tu semana
`+((n=a(s,"each").call(t,a(s,"$list").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:e}),{name:"each",hash:{},fn:u.program(2,e,0),inverse:u.program(3,e,0),data:e}))!=null?n:"")+`
--
Recibes este correo porque te suscribiste al resumen semanal.
Darse de baja: `+((n=a(s,"$text").call(t,l!=null?a(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:e}))!=null?n:"")+`
`},useData:!0},
    },
    "fr": {
      subject: {compiler:[8,">= 4.3.0"],main:function(n,e,a,s,o){var l,t=n.lookupProperty||function(r,u){if(Object.prototype.hasOwnProperty.call(r,u))return r[u]};return"Votre semaine : "+((l=t(a,"$text").call(e??(n.nullContext||{}),(l=e!=null?t(e,"week"):e)!=null?t(l,"dates"):l,"week.dates","fr/words.json:5",{name:"$text",hash:{},data:o}))!=null?l:"")},useData:!0},
      html: {0:function(i,l,t,u,a){var n,o=i.lookupProperty||function(e,s){if(Object.prototype.hasOwnProperty.call(e,s))return e[s]};return"Bonjour "+((n=o(t,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","fr/words.json:6",{name:"$html",hash:{},data:a}))!=null?n:"")+","},1:function(i,l,t,u,a){return"Bonjour,"},2:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(t,"each").call(o,e(t,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:i.program(6,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</table>
`},6:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(t,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:a}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Vues: `+((n=e(t,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:a}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,t,u,a){return`<p style="margin:0;font-size:16px;line-height:24px">Une semaine calme : rien de nouveau cette fois-ci.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<!doctype html>
<html lang="fr" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Votre semaine : `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","fr/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Visites du profil: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Nouveaux abonnés: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Messages: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Votre semaine : `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","fr/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(t,"if").call(o,e(t,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(0,a,0),inverse:i.program(1,a,0),data:a}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">Voici ce qui s’est passé autour de vous cette semaine.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:a}),label:"Visites du profil"},data:a}),{name:"with",hash:{},fn:i.program(2,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:a}),label:"Nouveaux abonnés"},data:a}),{name:"with",hash:{},fn:i.program(3,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:a}),label:"Messages"},data:a}),{name:"with",hash:{},fn:i.program(4,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Les temps forts de votre semaine</h2>
`+((n=e(t,"if").call(o,e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(5,a,0),inverse:i.program(7,a,0),data:a}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
Vous recevez ce message car vous êtes abonné au récapitulatif hebdomadaire.<br>
<a href="`+((n=e(t,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:a}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Se désabonner</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(u,n,t,i,a){var l,s=u.lookupProperty||function(e,o){if(Object.prototype.hasOwnProperty.call(e,o))return e[o]};return"Bonjour "+((l=s(t,"$text").call(n??(u.nullContext||{}),n!=null?s(n,"name"):n,"name","fr/words.json:6",{name:"$text",hash:{},data:a}))!=null?l:"")+","},1:function(u,n,t,i,a){return"Bonjour,"},2:function(u,n,t,i,a){var l,s=n??(u.nullContext||{}),e=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"- "+((l=e(t,"$text").call(s,n!=null?e(n,"title"):n,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?l:"")+" (Vues: "+((l=e(t,"$text").call(s,n!=null?e(n,"views"):n,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?l:"")+`)
`},3:function(u,n,t,i,a){return`Une semaine calme : rien de nouveau cette fois-ci.
`},compiler:[8,">= 4.3.0"],main:function(u,n,t,i,a){var l,s=n??(u.nullContext||{}),e=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"Votre semaine : "+((l=e(t,"$text").call(s,(l=n!=null?e(n,"week"):n)!=null?e(l,"dates"):l,"week.dates","fr/words.json:5",{name:"$text",hash:{},data:a}))!=null?l:"")+`

`+((l=e(t,"if").call(s,e(t,"$known").call(s,n!=null?e(n,"name"):n,"name","text.hbs:3",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:u.program(0,a,0),inverse:u.program(1,a,0),data:a}))!=null?l:"")+`
Voici ce qui s’est passé autour de vous cette semaine.

Visites du profil: `+((l=e(t,"$text").call(s,(l=n!=null?e(n,"week"):n)!=null?e(l,"visits"):l,"week.visits","text.hbs:6",{name:"$text",hash:{},data:a}))!=null?l:"")+`
Nouveaux abonnés: `+((l=e(t,"$text").call(s,(l=n!=null?e(n,"week"):n)!=null?e(l,"newFollowers"):l,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:a}))!=null?l:"")+`
Messages: `+((l=e(t,"$text").call(s,(l=n!=null?e(n,"week"):n)!=null?e(l,"messages"):l,"week.messages","text.hbs:8",{name:"$text",hash:{},data:a}))!=null?l:"")+`

Les temps forts de votre semaine
`+((l=e(t,"each").call(s,e(t,"$list").call(s,(l=n!=null?e(n,"week"):n)!=null?e(l,"highlights"):l,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:u.program(2,a,0),inverse:u.program(3,a,0),data:a}))!=null?l:"")+`
--
Vous recevez ce message car vous êtes abonné au récapitulatif hebdomadaire.
Se désabonner: `+((l=e(t,"$text").call(s,n!=null?e(n,"unsubscribeUrl"):n,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:a}))!=null?l:"")+`
`},useData:!0},
    },
    "ja": {
      subject: {compiler:[8,">= 4.3.0"],main:function(e,l,r,s,o){var t,n=e.lookupProperty||function(u,a){if(Object.prototype.hasOwnProperty.call(u,a))return u[a]};return"今週のまとめ："+((t=n(r,"$text").call(l??(e.nullContext||{}),(t=l!=null?n(l,"week"):l)!=null?n(t,"dates"):t,"week.dates","ja/words.json:5",{name:"$text",hash:{},data:o}))!=null?t:"")},useData:!0},
      html: {0:function(i,l,e,u,a){var n,o=i.lookupProperty||function(t,r){if(Object.prototype.hasOwnProperty.call(t,r))return t[r]};return((n=o(e,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","ja/words.json:6",{name:"$html",hash:{},data:a}))!=null?n:"")+" 様"},1:function(i,l,e,u,a){return"こんにちは。"},2:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=t(e,"$html").call(o,l!=null?t(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=t(e,"$html").call(o,l!=null?t(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=t(e,"each").call(o,t(e,"$list").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:i.program(6,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</table>
`},6:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=t(e,"$html").call(o,l!=null?t(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:a}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">閲覧数: `+((n=t(e,"$html").call(o,l!=null?t(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:a}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,e,u,a){return`<p style="margin:0;font-size:16px;line-height:24px">静かな一週間でした。今回は新しいお知らせはありません。</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,e,u,a){var n,o=l??(i.nullContext||{}),t=i.lookupProperty||function(r,s){if(Object.prototype.hasOwnProperty.call(r,s))return r[s]};return`<!doctype html>
<html lang="ja" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>今週のまとめ：`+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ja/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">プロフィール訪問: `+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · 新しいフォロワー: "+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · メッセージ: "+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">今週のまとめ：`+((n=t(e,"$html").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ja/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=t(e,"if").call(o,t(e,"$known").call(o,l!=null?t(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(0,a,0),inverse:i.program(1,a,0),data:a}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">今週の出来事をお届けします。</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:a}),label:"プロフィール訪問"},data:a}),{name:"with",hash:{},fn:i.program(2,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:a}),label:"新しいフォロワー"},data:a}),{name:"with",hash:{},fn:i.program(3,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=t(e,"with").call(o,t(e,"$scope").call(o,l,{name:"$scope",hash:{value:t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:a}),label:"メッセージ"},data:a}),{name:"with",hash:{},fn:i.program(4,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">今週のハイライト</h2>
`+((n=t(e,"if").call(o,t(e,"$known").call(o,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(5,a,0),inverse:i.program(7,a,0),data:a}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
このメールは、週刊ダイジェストにご登録いただいた方にお送りしています。<br>
<a href="`+((n=t(e,"$url").call(o,l!=null?t(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:a}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">配信を停止する</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(s,l,e,i,a){var n,u=s.lookupProperty||function(t,r){if(Object.prototype.hasOwnProperty.call(t,r))return t[r]};return((n=u(e,"$text").call(l??(s.nullContext||{}),l!=null?u(l,"name"):l,"name","ja/words.json:6",{name:"$text",hash:{},data:a}))!=null?n:"")+" 様"},1:function(s,l,e,i,a){return"こんにちは。"},2:function(s,l,e,i,a){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(r,o){if(Object.prototype.hasOwnProperty.call(r,o))return r[o]};return"- "+((n=t(e,"$text").call(u,l!=null?t(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?n:"")+" (閲覧数: "+((n=t(e,"$text").call(u,l!=null?t(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:a}))!=null?n:"")+`)
`},3:function(s,l,e,i,a){return`静かな一週間でした。今回は新しいお知らせはありません。
`},compiler:[8,">= 4.3.0"],main:function(s,l,e,i,a){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(r,o){if(Object.prototype.hasOwnProperty.call(r,o))return r[o]};return"今週のまとめ："+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","ja/words.json:5",{name:"$text",hash:{},data:a}))!=null?n:"")+`

`+((n=t(e,"if").call(u,t(e,"$known").call(u,l!=null?t(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:s.program(0,a,0),inverse:s.program(1,a,0),data:a}))!=null?n:"")+`
今週の出来事をお届けします。

プロフィール訪問: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:a}))!=null?n:"")+`
新しいフォロワー: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:a}))!=null?n:"")+`
メッセージ: `+((n=t(e,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:a}))!=null?n:"")+`

今週のハイライト
`+((n=t(e,"each").call(u,t(e,"$list").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:s.program(2,a,0),inverse:s.program(3,a,0),data:a}))!=null?n:"")+`
--
このメールは、週刊ダイジェストにご登録いただいた方にお送りしています。
配信を停止する: `+((n=t(e,"$text").call(u,l!=null?t(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:a}))!=null?n:"")+`
`},useData:!0},
    },
    "pl": {
      subject: {compiler:[8,">= 4.3.0"],main:function(n,l,a,s,o){var t,e=n.lookupProperty||function(u,r){if(Object.prototype.hasOwnProperty.call(u,r))return u[r]};return"Twój tydzień: "+((t=e(a,"$text").call(l??(n.nullContext||{}),(t=l!=null?e(l,"week"):l)!=null?e(t,"dates"):t,"week.dates","pl/words.json:5",{name:"$text",hash:{},data:o}))!=null?t:"")},useData:!0},
      html: {0:function(i,l,a,u,t){var n,o=i.lookupProperty||function(e,s){if(Object.prototype.hasOwnProperty.call(e,s))return e[s]};return"Cześć, "+((n=o(a,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","pl/words.json:6",{name:"$html",hash:{},data:t}))!=null?n:"")+"!"},1:function(i,l,a,u,t){return"Cześć!"},2:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(a,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(a,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(a,"each").call(o,e(a,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:t}),{name:"each",hash:{},fn:i.program(6,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</table>
`},6:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(a,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:t}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Wyświetlenia: `+((n=e(a,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:t}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,a,u,t){return`<p style="margin:0;font-size:16px;line-height:24px">Spokojny tydzień: tym razem nic nowego.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,a,u,t){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<!doctype html>
<html lang="pl" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Twój tydzień: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","pl/words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Odwiedziny profilu: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · Nowi obserwujący: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+" · Wiadomości: "+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:t}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Twój tydzień: `+((n=e(a,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","pl/words.json:5",{name:"$html",hash:{},data:t}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(a,"if").call(o,e(a,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(0,t,0),inverse:i.program(1,t,0),data:t}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">Oto, co wydarzyło się u Ciebie w tym tygodniu.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:t}),label:"Odwiedziny profilu"},data:t}),{name:"with",hash:{},fn:i.program(2,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:t}),label:"Nowi obserwujący"},data:t}),{name:"with",hash:{},fn:i.program(3,t,0),inverse:i.noop,data:t}))!=null?n:"")+((n=e(a,"with").call(o,e(a,"$scope").call(o,l,{name:"$scope",hash:{value:e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:t}),label:"Wiadomości"},data:t}),{name:"with",hash:{},fn:i.program(4,t,0),inverse:i.noop,data:t}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Najważniejsze w Twoim tygodniu</h2>
`+((n=e(a,"if").call(o,e(a,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:t}),{name:"if",hash:{},fn:i.program(5,t,0),inverse:i.program(7,t,0),data:t}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
Otrzymujesz tę wiadomość, ponieważ subskrybujesz cotygodniowe podsumowanie.<br>
<a href="`+((n=e(a,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:t}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Wypisz się</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(s,l,a,r,e){var n,u=s.lookupProperty||function(t,o){if(Object.prototype.hasOwnProperty.call(t,o))return t[o]};return"Cześć, "+((n=u(a,"$text").call(l??(s.nullContext||{}),l!=null?u(l,"name"):l,"name","pl/words.json:6",{name:"$text",hash:{},data:e}))!=null?n:"")+"!"},1:function(s,l,a,r,e){return"Cześć!"},2:function(s,l,a,r,e){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(o,i){if(Object.prototype.hasOwnProperty.call(o,i))return o[i]};return"- "+((n=t(a,"$text").call(u,l!=null?t(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+" (Wyświetlenia: "+((n=t(a,"$text").call(u,l!=null?t(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+`)
`},3:function(s,l,a,r,e){return`Spokojny tydzień: tym razem nic nowego.
`},compiler:[8,">= 4.3.0"],main:function(s,l,a,r,e){var n,u=l??(s.nullContext||{}),t=s.lookupProperty||function(o,i){if(Object.prototype.hasOwnProperty.call(o,i))return o[i]};return"Twój tydzień: "+((n=t(a,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"dates"):n,"week.dates","pl/words.json:5",{name:"$text",hash:{},data:e}))!=null?n:"")+`

`+((n=t(a,"if").call(u,t(a,"$known").call(u,l!=null?t(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:e}),{name:"if",hash:{},fn:s.program(0,e,0),inverse:s.program(1,e,0),data:e}))!=null?n:"")+`
Oto, co wydarzyło się u Ciebie w tym tygodniu.

Odwiedziny profilu: `+((n=t(a,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Nowi obserwujący: `+((n=t(a,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Wiadomości: `+((n=t(a,"$text").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:e}))!=null?n:"")+`

Najważniejsze w Twoim tygodniu
`+((n=t(a,"each").call(u,t(a,"$list").call(u,(n=l!=null?t(l,"week"):l)!=null?t(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:e}),{name:"each",hash:{},fn:s.program(2,e,0),inverse:s.program(3,e,0),data:e}))!=null?n:"")+`
--
Otrzymujesz tę wiadomość, ponieważ subskrybujesz cotygodniowe podsumowanie.
Wypisz się: `+((n=t(a,"$text").call(u,l!=null?t(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:e}))!=null?n:"")+`
`},useData:!0},
    },
    "pt-BR": {
      subject: {compiler:[8,">= 4.3.0"],main:function(a,l,r,s,o){var t,n=a.lookupProperty||function(e,u){if(Object.prototype.hasOwnProperty.call(e,u))return e[u]};return"Sua semana: "+((t=n(r,"$text").call(l??(a.nullContext||{}),(t=l!=null?n(l,"week"):l)!=null?n(t,"dates"):t,"week.dates","pt-BR/words.json:5",{name:"$text",hash:{},data:o}))!=null?t:"")},useData:!0},
      html: {0:function(i,l,t,u,a){var n,o=i.lookupProperty||function(e,s){if(Object.prototype.hasOwnProperty.call(e,s))return e[s]};return"Olá, "+((n=o(t,"$html").call(l??(i.nullContext||{}),l!=null?o(l,"name"):l,"name","pt-BR/words.json:6",{name:"$html",hash:{},data:a}))!=null?n:"")+"!"},1:function(i,l,t,u,a){return"Olá!"},2:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.visits","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.visits","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},3:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.newFollowers","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.newFollowers","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},4:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<td width="33%" align="center" valign="top" style="padding:16px 8px;background-color:#eef1f6;border-radius:8px">
<div style="font-size:24px;line-height:32px;font-weight:700;color:#24408e">`+((n=e(t,"$html").call(o,l!=null?e(l,"value"):l,"week.messages","partials/count.hbs:2",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<div style="font-size:13px;line-height:18px;color:#55607a">`+((n=e(t,"$html").call(o,l!=null?e(l,"label"):l,"words.messages","partials/count.hbs:3",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
</td>
`},5:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
`+((n=e(t,"each").call(o,e(t,"$list").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:16",{name:"$list",hash:{},data:a}),{name:"each",hash:{},fn:i.program(6,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</table>
`},6:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<tr>
<td style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:16px;line-height:24px;text-align:left"><bdi>`+((n=e(t,"$html").call(o,l!=null?e(l,"title"):l,"week.highlights[1].title","html.hbs:19",{name:"$html",hash:{},data:a}))!=null?n:"")+`</bdi></td>
<td align="right" style="padding:10px 0;border-bottom:1px solid #eef1f6;font-size:14px;line-height:24px;color:#55607a;white-space:nowrap">Visualizações: `+((n=e(t,"$html").call(o,l!=null?e(l,"views"):l,"week.highlights[1].views","html.hbs:20",{name:"$html",hash:{},data:a}))!=null?n:"")+`</td>
</tr>
`},7:function(i,l,t,u,a){return`<p style="margin:0;font-size:16px;line-height:24px">Uma semana tranquila: nenhuma novidade desta vez.</p>
`},compiler:[8,">= 4.3.0"],main:function(i,l,t,u,a){var n,o=l??(i.nullContext||{}),e=i.lookupProperty||function(s,r){if(Object.prototype.hasOwnProperty.call(s,r))return s[r]};return`<!doctype html>
<html lang="pt-BR" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Sua semana: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","pt-BR/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f6">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">Visitas ao perfil: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Novos seguidores: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+" · Mensagens: "+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","layout.hbs:11",{name:"$html",hash:{},data:a}))!=null?n:"")+`</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="ltr" style="background-color:#eef1f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2433;text-align:left">
<tr><td style="padding:28px 32px;background-color:#24408e;border-radius:12px 12px 0 0">
<h1 style="margin:0;font-size:24px;line-height:32px;color:#ffffff">Sua semana: `+((n=e(t,"$html").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"dates"):n,"week.dates","pt-BR/words.json:5",{name:"$html",hash:{},data:a}))!=null?n:"")+`</h1>
</td></tr>
<tr><td style="padding:28px 32px 8px">
<p style="margin:0 0 8px;font-size:18px;line-height:26px;font-weight:600;text-align:left">`+((n=e(t,"if").call(o,e(t,"$known").call(o,l!=null?e(l,"name"):l,"name","html.hbs:2",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(0,a,0),inverse:i.program(1,a,0),data:a}))!=null?n:"")+`</p>
<p style="margin:0;font-size:16px;line-height:24px">Veja o que aconteceu ao seu redor nesta semana.</p>
</td></tr>
<tr><td style="padding:16px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="8" border="0"><tr>
`+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"visits"):n,"week.visits","html.hbs:7",{name:"$known",hash:{},data:a}),label:"Visitas ao perfil"},data:a}),{name:"with",hash:{},fn:i.program(2,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"newFollowers"):n,"week.newFollowers","html.hbs:8",{name:"$known",hash:{},data:a}),label:"Novos seguidores"},data:a}),{name:"with",hash:{},fn:i.program(3,a,0),inverse:i.noop,data:a}))!=null?n:"")+((n=e(t,"with").call(o,e(t,"$scope").call(o,l,{name:"$scope",hash:{value:e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"messages"):n,"week.messages","html.hbs:9",{name:"$known",hash:{},data:a}),label:"Mensagens"},data:a}),{name:"with",hash:{},fn:i.program(4,a,0),inverse:i.noop,data:a}))!=null?n:"")+`</tr></table>
</td></tr>
<tr><td style="padding:8px 32px 24px">
<h2 style="margin:0 0 8px;font-size:18px;line-height:26px;color:#1c2433">Destaques da sua semana</h2>
`+((n=e(t,"if").call(o,e(t,"$known").call(o,(n=l!=null?e(l,"week"):l)!=null?e(n,"highlights"):n,"week.highlights","html.hbs:14",{name:"$known",hash:{},data:a}),{name:"if",hash:{},fn:i.program(5,a,0),inverse:i.program(7,a,0),data:a}))!=null?n:"")+`</td></tr>
<tr><td style="padding:20px 32px;border-top:1px solid #d9dfea;font-size:13px;line-height:20px;color:#55607a">
Você recebeu este e-mail porque assinou o resumo semanal.<br>
<a href="`+((n=e(t,"$url").call(o,l!=null?e(l,"unsubscribeUrl"):l,"unsubscribeUrl","layout.hbs:21",{name:"$url",hash:{},data:a}))!=null?n:"")+`" style="color:#24408e;text-decoration:underline">Cancelar inscrição</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`},useData:!0},
      text: {0:function(u,l,s,i,e){var n,t=u.lookupProperty||function(a,o){if(Object.prototype.hasOwnProperty.call(a,o))return a[o]};return"Olá, "+((n=t(s,"$text").call(l??(u.nullContext||{}),l!=null?t(l,"name"):l,"name","pt-BR/words.json:6",{name:"$text",hash:{},data:e}))!=null?n:"")+"!"},1:function(u,l,s,i,e){return"Olá!"},2:function(u,l,s,i,e){var n,t=l??(u.nullContext||{}),a=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"- "+((n=a(s,"$text").call(t,l!=null?a(l,"title"):l,"week.highlights[1].title","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+" (Visualizações: "+((n=a(s,"$text").call(t,l!=null?a(l,"views"):l,"week.highlights[1].views","text.hbs:12",{name:"$text",hash:{},data:e}))!=null?n:"")+`)
`},3:function(u,l,s,i,e){return`Uma semana tranquila: nenhuma novidade desta vez.
`},compiler:[8,">= 4.3.0"],main:function(u,l,s,i,e){var n,t=l??(u.nullContext||{}),a=u.lookupProperty||function(o,r){if(Object.prototype.hasOwnProperty.call(o,r))return o[r]};return"Sua semana: "+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"dates"):n,"week.dates","pt-BR/words.json:5",{name:"$text",hash:{},data:e}))!=null?n:"")+`

`+((n=a(s,"if").call(t,a(s,"$known").call(t,l!=null?a(l,"name"):l,"name","text.hbs:3",{name:"$known",hash:{},data:e}),{name:"if",hash:{},fn:u.program(0,e,0),inverse:u.program(1,e,0),data:e}))!=null?n:"")+`
Veja o que aconteceu ao seu redor nesta semana.

Visitas ao perfil: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"visits"):n,"week.visits","text.hbs:6",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Novos seguidores: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"newFollowers"):n,"week.newFollowers","text.hbs:7",{name:"$text",hash:{},data:e}))!=null?n:"")+`
Mensagens: `+((n=a(s,"$text").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"messages"):n,"week.messages","text.hbs:8",{name:"$text",hash:{},data:e}))!=null?n:"")+`

Destaques da sua semana
`+((n=a(s,"each").call(t,a(s,"$list").call(t,(n=l!=null?a(l,"week"):l)!=null?a(n,"highlights"):n,"week.highlights","text.hbs:11",{name:"$list",hash:{},data:e}),{name:"each",hash:{},fn:u.program(2,e,0),inverse:u.program(3,e,0),data:e}))!=null?n:"")+`
--
Você recebeu este e-mail porque assinou o resumo semanal.
Cancelar inscrição: `+((n=a(s,"$text").call(t,l!=null?a(l,"unsubscribeUrl"):l,"unsubscribeUrl","text.hbs:19",{name:"$text",hash:{},data:e}))!=null?n:"")+`
`},useData:!0},
    },
  },
};

export default mail;
