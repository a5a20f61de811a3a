using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Evaluation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "evaluation_questions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CollectionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    Documents = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evaluation_questions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_evaluation_questions_collections_CollectionId",
                        column: x => x.CollectionId,
                        principalTable: "collections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "evaluation_runs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CollectionId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Fingerprint = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Questions = table.Column<int>(type: "integer", nullable: false),
                    Ndcg = table.Column<double>(type: "double precision", nullable: false),
                    Recall = table.Column<double>(type: "double precision", nullable: false),
                    Mrr = table.Column<double>(type: "double precision", nullable: false),
                    Given = table.Column<double>(type: "double precision", nullable: false),
                    Options_ChunkTokens = table.Column<int>(type: "integer", nullable: false),
                    Options_Diversity = table.Column<double>(type: "double precision", nullable: false),
                    Options_FusionWeight = table.Column<double>(type: "double precision", nullable: true),
                    Options_MaxPassages = table.Column<int>(type: "integer", nullable: false),
                    Options_OverlapTokens = table.Column<int>(type: "integer", nullable: false),
                    Options_Threshold = table.Column<double>(type: "double precision", nullable: false),
                    Options_WholeDocumentShare = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evaluation_runs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_evaluation_runs_collections_CollectionId",
                        column: x => x.CollectionId,
                        principalTable: "collections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_evaluation_questions_CollectionId_Id",
                table: "evaluation_questions",
                columns: new[] { "CollectionId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_evaluation_runs_CollectionId_Id",
                table: "evaluation_runs",
                columns: new[] { "CollectionId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "evaluation_questions");

            migrationBuilder.DropTable(
                name: "evaluation_runs");
        }
    }
}
