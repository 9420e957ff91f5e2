import type { signIn as en } from '../en/signIn';
import type { Words } from '../words';

export const signIn: Words<typeof en> = {
  title: 'تسجيل الدخول',
  registerTitle: 'إنشاء حسابك',
  login: 'البريد الإلكتروني أو الهاتف',
  password: 'كلمة المرور',
  showPassword: 'إظهار كلمة المرور',
  hidePassword: 'إخفاء كلمة المرور',
  submit: 'تسجيل الدخول',
  submitting: 'جارٍ تسجيل الدخول…',
  noAccount: 'جديد هنا؟',
  toRegister: 'إنشاء حساب',
  haveAccount: 'لديك حساب بالفعل؟',
  toSignIn: 'تسجيل الدخول',
  name: 'اسمك',
  nameHint: 'هذا ما يراه الآخرون.',
  email: 'البريد الإلكتروني',
  phone: 'الهاتف',
  phoneHint: 'مع رمز البلد، مثل \u2066+4912345678\u2069.',
  contactHint: 'أدخل بريدًا إلكترونيًا أو رقم هاتف أو كليهما.',
  passwordHint: '8 أحرف على الأقل.',
  create: 'إنشاء الحساب',
  creating: 'جارٍ الإنشاء…',
  demoTitle: 'وضع التطوير: حسابات تجريبية',
  demoAs: 'تسجيل الدخول باسم {name}',
  codeInLog: 'وضع التطوير: لا تُرسل الرموز، بل تُكتب في سجلّ الخادم.',
};
