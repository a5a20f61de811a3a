using Calango.Core.Chat;
using Calango.Sdk;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>Who says follow-up questions in full before documents are searched for them.</summary>
public sealed class QuestionSettings(Viewer viewer, TaskChoices choices, TaskSections sections) : TaskSettings(ModelTask.Question, viewer, choices, sections);
